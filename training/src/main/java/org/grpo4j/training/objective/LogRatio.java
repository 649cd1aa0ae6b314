package org.grpo4j.training.objective;

import java.util.Arrays;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** From the log-ratio d to the exponent z of the importance ratio, all {@code [rows, time]} (objective, section 2). */
final class LogRatio {

    private LogRatio() {}

    /** The eligibility trace of d if the configuration has one in the ratio, else d. */
    static SDVariable traced(ObjectiveConfig config, SDVariable d, Objective.Inputs grid) {
        if (config.trace() != Trace.E_TRACE) {
            return d;
        }
        SDVariable z = config.eligibilityTrace().apply(d, grid.rows(), grid.time());
        if (config.traceNormalisation() == TraceNormalisation.NONE) {
            return z;
        }
        double[] inverse = Arrays.stream(config.eligibilityTrace().rowSums(grid.time()))
                .map(sum -> 1 / sum)
                .toArray();
        return z.mul(
                d.getSameDiff().constant(Nd4j.create(new double[][] {inverse}).castTo(d.dataType())));
    }

    /** {@code mean_t d_t} of each completion at every column; weights are 1 / T_i on its tokens. */
    static SDVariable sequenceMean(SDVariable d, SDVariable perCompletion) {
        SameDiff sd = d.getSameDiff();
        long time = perCompletion.placeholderShape()[1];
        SDVariable column = sd.constant(Nd4j.ones(d.dataType(), time, 1));
        SDVariable row = sd.constant(Nd4j.ones(d.dataType(), 1, time));
        return d.mul(perCompletion).mmul(column).mmul(row);
    }

    /** z held within ±{@value Objective#MAX_EXPONENT}; a held entry passes no gradient. */
    static SDVariable bounded(SDVariable z) {
        SDVariable above = Threshold.above(z, Objective.MAX_EXPONENT);
        SDVariable below = Threshold.below(z, -Objective.MAX_EXPONENT);
        SDVariable within = above.add(below).rsub(1.0);
        return z.mul(within).add(above.sub(below).mul(Objective.MAX_EXPONENT));
    }
}
