package org.grpo4j.datasets.overlap;

/**
 * What counts as the same problem.
 *
 * @param ngram tokens (words, numbers, operators) in a row that are compared; 1 to 100
 * @param threshold share of the shorter problem's n-grams that the other must hold to be near; above 0, at most 1
 * @param examples how many pairs to keep of each kind
 */
public record OverlapConfig(int ngram, double threshold, int examples) {

    /** Runs of eight tokens, of which the other must hold 60 %: finds edited copies and hardly any shared phrase. */
    public static final OverlapConfig DEFAULT = new OverlapConfig(8, 0.6, 3);

    public OverlapConfig {
        if (ngram < 1 || ngram > 100) {
            throw new IllegalArgumentException("ngram is " + ngram + ", must be from 1 to 100");
        }
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException("threshold is " + threshold + ", must be above 0 and at most 1");
        }
        if (examples < 0) {
            throw new IllegalArgumentException("examples is " + examples + ", must be 0 or more");
        }
    }
}
