package org.grpo4j.training.trainer;

import java.util.Arrays;

/** The middle of repeated measurements, which a few disturbed ones do not move. */
public final class Median {
    private Median() {}

    /** The middle value, or the mean of the two in the middle; at least one is needed. */
    public static double of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
