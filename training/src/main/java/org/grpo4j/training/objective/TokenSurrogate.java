package org.grpo4j.training.objective;

import org.nd4j.autodiff.samediff.SDVariable;

/**
 * A surrogate of your own, in place of the one that {@code surrogate} and the clip bounds name; everything around it stays:
 * trace, advantages, weights, aggregation, reference KL. The graph differentiates it as it stands.
 *
 * <p>ND4J's {@code min(x, y)} passes the gradient to both sides on ties, and on-policy every token is a tie: build kinks
 * from 0/1 masks of comparisons.
 */
@FunctionalInterface
public interface TokenSurrogate {

    /**
     * The term of every token that is maximised, before its weight; all {@code [rows, time]}. Padding has
     * advantage 0, log-probability 0 and some finite ratio, and its term must be finite.
     *
     * @param ratio ρ of every token, traced or of the sequence if the configuration says so, its exponent held within ±20
     * @param advantages of every token, after the clamp
     * @param logProbs log π of every token
     */
    SDVariable of(SDVariable ratio, SDVariable advantages, SDVariable logProbs);
}
