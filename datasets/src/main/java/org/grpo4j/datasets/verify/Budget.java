package org.grpo4j.datasets.verify;

/**
 * What one verification may cost. A step is about a microsecond, so a check ends within a tenth of a second whatever its
 * input is.
 */
final class Budget {

    /** Longest text that is parsed, in characters. */
    static final int LENGTH = 2_000;

    /** Deepest nesting of an expression. */
    static final int DEPTH = 60;

    /** Longest integer, in bits: about 2,400 decimal digits. */
    static final int BITS = 8_000;

    /** Most terms of a polynomial. */
    static final int TERMS = 200;

    private static final int STEPS = 60_000;

    private int left = STEPS;

    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            throw Unparsed.tooLarge("more than " + STEPS + " steps");
        }
    }
}
