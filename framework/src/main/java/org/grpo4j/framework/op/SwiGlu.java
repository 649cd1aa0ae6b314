package org.grpo4j.framework.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Gated activation {@code gate · sigmoid(gate) · up} (Shazeer, arXiv 2002.05202): inputs gate and up of one shape
 * {@code [n, feedForward]}, output of that shape.
 */
public record SwiGlu() implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable gate = inputs.get(0);
        return List.of(gate.mul(graph.nn().sigmoid(gate)).mul(inputs.get(1)));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        return List.copyOf(new Gradient()
                .applyAll(
                        call.upstreamOfFirst(),
                        call.inputs().get(0),
                        call.inputs().get(1)));
    }

    /** The gradient: inputs upstream, gate, up; outputs the gradients in gate and in up. */
    public record Gradient() implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable upstream = inputs.get(0);
            SDVariable gate = inputs.get(1);
            SDVariable sigmoid = graph.nn().sigmoid(gate);
            SDVariable swish = gate.mul(sigmoid);
            // d swish / d gate = sigmoid + swish · (1 − sigmoid)
            SDVariable slope = sigmoid.add(swish.mul(sigmoid.rsub(1.0)));
            return List.of(upstream.mul(inputs.get(2)).mul(slope), upstream.mul(swish));
        }
    }
}
