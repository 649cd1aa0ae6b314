package org.grpo4j.training.objective;

import java.util.function.Function;
import org.grpo4j.framework.op.VariableTrace;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/** From the log-ratio d to the exponent z of the importance ratio, all {@code [rows, time]} (objective, section 2). */
final class LogRatio {

    private LogRatio() {}

    /**
     * The eligibility trace of d, {@code z_t = s_t Σ_j W[t,j] d_j} over the remembered j and t itself, s being the scale.
     *
     * @param placeholders by the names in {@link Objective}, made when they are asked for
     */
    static SDVariable traced(
            ObjectiveConfig config, SDVariable d, Objective.Inputs grid, Function<String, SDVariable> placeholders) {
        SDVariable z;
        if (config.traceTokens() == TraceTokens.ALL) {
            z = trace(config, d, grid, placeholders);
        } else {
            SDVariable remembered = d.mul(placeholders.apply(Objective.TRACE_HISTORY));
            // The diagonal of W is 1, so the remembered part holds these tokens' own steps already.
            z = trace(config, remembered, grid, placeholders).add(d.sub(remembered));
        }
        return config.traceNormalisation() == TraceNormalisation.NONE
                ? z
                : z.mul(placeholders.apply(Objective.TRACE_SCALE));
    }

    private static SDVariable trace(
            ObjectiveConfig config, SDVariable d, Objective.Inputs grid, Function<String, SDVariable> placeholders) {
        if (!config.variesDecay()) {
            return config.eligibilityTrace().apply(d, grid.rows(), grid.time());
        }
        SDVariable decay = placeholders.apply(Objective.DECAY);
        return new VariableTrace(config.style(), grid.rows(), grid.time(), false).apply(d, decay);
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
