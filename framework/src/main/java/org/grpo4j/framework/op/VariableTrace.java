package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link TraceProduct} with a decay that is known only when the graph runs, so that a schedule of λ needs one plan.
 * Inputs: values {@code [rows, time]} and the decay a in [0, 1], {@code [1, 1]} of the same type; output {@code [rows,
 * time]}. Also here {@code a = 0} is the identity for both styles. The decay itself is not differentiated.
 *
 * @param style which of the two weightings
 * @param rows number of rows
 * @param time number of columns
 * @param transposed whether to multiply with the transpose, which is the gradient of the product
 */
public record VariableTrace(Style style, int rows, int time, boolean transposed) implements DifferentiableOp {

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable x = inputs.get(0);
        SDVariable decay = inputs.get(1);
        TraceBody body = new TraceBody(rows, time, transposed, exponents -> powers(decay, exponents));
        if (style == Style.RECENT) {
            return List.of(body.recent(x));
        }
        // The formula of `both` keeps W[t,0] = 1 even without memory, where the trace is the identity by definition.
        SDVariable remembers = decay.gt(0.0).castTo(x.dataType());
        return List.of(body.both(x).mul(remembers).add(x.mul(remembers.rsub(1.0))));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        SDVariable decay = call.inputs().get(1);
        return Arrays.asList(
                new VariableTrace(style, rows, time, !transposed).apply(call.upstreamOfFirst(), decay), null);
    }

    private static SDVariable powers(SDVariable decay, double[][] exponents) {
        SameDiff graph = decay.getSameDiff();
        double[][] kept = new double[exponents.length][exponents[0].length];
        double[][] positive = new double[exponents.length][exponents[0].length];
        for (int i = 0; i < exponents.length; i++) {
            for (int j = 0; j < exponents[i].length; j++) {
                kept[i][j] = exponents[i][j] == TraceBody.ZERO ? 0 : 1;
                positive[i][j] = Math.max(0, exponents[i][j]);
            }
        }
        SDVariable mask = graph.constant(Nd4j.create(kept).castTo(decay.dataType()));
        SDVariable exponent = graph.constant(Nd4j.create(positive).castTo(decay.dataType()));
        return graph.math().pow(mask.mul(decay), exponent).mul(mask);
    }
}
