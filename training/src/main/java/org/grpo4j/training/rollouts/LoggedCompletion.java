package org.grpo4j.training.rollouts;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * A completion token by token. A long one keeps its beginning and its end.
 *
 * @param pieces text of every token kept, {@code [K]}
 * @param credit of every token kept, {@code [K]}, on the scale of advantages; empty if the update left the completion out
 * @param logProbs natural log-probability of every token kept under the sampling policy, {@code [K]}
 * @param gap tokens left out
 * @param tokens of the whole completion
 * @param reward total; empty if a reward failed
 * @param rewards value of each reward that could judge, by name
 * @param failures why the others could not, by name
 * @param advantage group-relative; 0 if the update left the completion out
 * @param finished whether a stop token ended it
 */
record LoggedCompletion(
        List<String> pieces,
        float[] credit,
        float[] logProbs,
        Gap gap,
        int tokens,
        OptionalDouble reward,
        Map<String, Double> rewards,
        Map<String, String> failures,
        double advantage,
        boolean finished) {

    /**
     * Where tokens are left out.
     *
     * @param at pieces before it
     * @param tokens left out; 0 if none
     */
    record Gap(int at, int tokens) {
        static final Gap NONE = new Gap(0, 0);
    }

    LoggedCompletion {
        pieces = List.copyOf(pieces);
        if (credit.length != 0 && credit.length != pieces.size()) {
            throw new IllegalArgumentException(
                    "credit has " + credit.length + " values but there are " + pieces.size() + " tokens");
        }
        if (logProbs.length != pieces.size()) {
            throw new IllegalArgumentException(
                    "logProbs has " + logProbs.length + " values but there are " + pieces.size() + " tokens");
        }
    }
}
