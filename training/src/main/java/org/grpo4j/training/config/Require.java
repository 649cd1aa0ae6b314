package org.grpo4j.training.config;

/** Checks for the constructors of sections; each message names the key, what is allowed and what was found. */
final class Require {

    private Require() {}

    static void atLeast(String key, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", found " + value);
        }
    }

    static void positive(String key, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(key + " must be above 0, found " + value);
        }
    }

    static void notNegative(String key, double value) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException(key + " must not be negative, found " + value);
        }
    }

    /** {@code least ≤ value < below}. */
    static void within(String key, double value, double least, double below) {
        if (!(value >= least && value < below)) {
            throw new IllegalArgumentException(
                    key + " must be at least " + least + " and below " + below + ", found " + value);
        }
    }

    static void that(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
