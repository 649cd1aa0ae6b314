package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * {@code x · weightᵀ} for a frozen weight that is stored in BFLOAT16 or HALF: x {@code [n, in]}, weight {@code [out, in]},
 * output {@code [n, out]} in the type of x. The numbers of the weight are exact in that type, so the result is that of
 * the same weight stored wide. A boundary of its own lets a kernel widen the weight part by part, forward and backward;
 * the plain ops of the body hold a wide copy of the whole weight while they multiply.
 *
 * <p>Differentiable in x only.
 */
public record NarrowLinear() implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable x = inputs.get(0);
        return List.of(graph.mmul(x, NarrowWeights.widened(inputs.get(1), x.dataType()), false, true, false));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        NarrowWeights.requireFrozen(call, 1);
        SDVariable inX = call.wants(0)
                ? new Gradient().apply(call.upstreamOfFirst(), call.inputs().get(1))
                : null;
        return Arrays.asList(inX, null);
    }

    /** The gradient in x, {@code upstream · weight}: inputs {@code [n, out]} and {@code [out, in]}, output {@code [n, in]}. */
    public record Gradient() implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable upstream = inputs.get(0);
            return List.of(graph.mmul(upstream, NarrowWeights.widened(inputs.get(1), upstream.dataType())));
        }
    }
}
