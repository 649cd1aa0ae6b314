package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The product of every row with the weights {@code W} of an {@link EligibilityTrace} or with their transpose, in linear
 * time: input and output {@code [rows, time]}. Each is the other's gradient: that of {@code z = W d} is {@code Wᵀ δ}.
 *
 * <p>The body has no loop and no T×T matrix, see {@link TraceBody}.
 *
 * @param trace the weights
 * @param rows number of rows
 * @param time number of columns
 * @param transposed whether the trace runs backwards, from the last step to the first
 */
public record TraceProduct(EligibilityTrace trace, int rows, int time, boolean transposed) implements DifferentiableOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable x = inputs.get(0);
        TraceBody body = new TraceBody(rows, time, transposed, exponents -> constant(x, exponents));
        return List.of(hasTwoTerms() ? body.both(x) : body.recent(x));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        return List.of(new TraceProduct(trace, rows, time, !transposed).apply(call.upstreamOfFirst()));
    }

    /** Whether the weights have a part that falls off from the start, beside the one that falls off with the distance. */
    boolean hasTwoTerms() {
        return trace.style() == Style.BOTH && trace.decay() > 0 && trace.decay() < 1;
    }

    private SDVariable constant(SDVariable like, double[][] exponents) {
        double[][] powers = Arrays.stream(exponents)
                .map(row -> Arrays.stream(row)
                        .map(exponent -> exponent == TraceBody.ZERO ? 0 : Math.pow(trace.decay(), exponent))
                        .toArray())
                .toArray(double[][]::new);
        return like.getSameDiff().constant(Nd4j.create(powers).castTo(like.dataType()));
    }
}
