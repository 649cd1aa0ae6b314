package org.grpo4j.training.objective;

import java.util.function.Supplier;
import org.grpo4j.framework.op.StopGradient;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The term of every token that is maximised, before its weight; all {@code [rows, time]}.
 *
 * @param value the term
 * @param clippedLow 1 where the ratio is below its lower bound and the advantage negative, so that the term is constant
 * @param clippedHigh 1 where the ratio is above its upper bound and the advantage positive
 */
record SurrogateTerm(SDVariable value, SDVariable clippedLow, SDVariable clippedHigh) {

    /** @param logProbs log π, finite everywhere; only asked for by surrogates that use it */
    static SurrogateTerm of(
            ObjectiveConfig config, SDVariable ratio, SDVariable advantages, Supplier<SDVariable> logProbs) {
        return switch (config.surrogate()) {
            case CLIP -> clip(config, ratio, advantages);
            case CISPO -> cispo(config, ratio, advantages, logProbs.get());
        };
    }

    /** {@code min(ρA, clip(ρ, 1 − low, 1 + high)A)}, with dual clip {@code max(that, cA)} where A &lt; 0. */
    private static SurrogateTerm clip(ObjectiveConfig config, SDVariable ratio, SDVariable advantages) {
        SDVariable positive = Threshold.above(advantages, 0);
        SDVariable negative = Threshold.below(advantages, 0);
        SDVariable high = Threshold.above(ratio, 1 + config.clipHigh()).mul(positive);
        SDVariable low = Threshold.below(ratio, 1 - config.clipLow()).mul(negative);
        SDVariable bound = high.mul(1 + config.clipHigh()).add(low.mul(1 - config.clipLow()));
        SDVariable clipped = high.add(low);
        Double dualClip = config.dualClip();
        if (dualClip != null) {
            SDVariable dual = Threshold.above(ratio, dualClip).mul(negative);
            bound = bound.add(dual.mul(dualClip));
            clipped = clipped.add(dual);
        }
        SDVariable held = ratio.mul(clipped.rsub(1.0)).add(bound);
        return new SurrogateTerm(held.mul(advantages), low, high);
    }

    /** {@code stop(min(ρ, 1 + high)) A log π}: the ratio only weighs, so a trace in it spreads no gradient. */
    private static SurrogateTerm cispo(
            ObjectiveConfig config, SDVariable ratio, SDVariable advantages, SDVariable logProbs) {
        SDVariable over = Threshold.above(ratio, 1 + config.clipHigh());
        SDVariable capped = ratio.mul(over.rsub(1.0)).add(over.mul(1 + config.clipHigh()));
        SDVariable coefficient = new StopGradient().apply(capped).mul(advantages);
        SDVariable high = over.mul(Threshold.above(advantages, 0));
        return new SurrogateTerm(coefficient.mul(logProbs), high.mul(0.0), high);
    }
}
