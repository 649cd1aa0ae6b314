package org.grpo4j.datasets.verify;

/**
 * What one verification may cost: finding the answer, reading both sides and comparing them. A step is about a microsecond of warm code; the
 * clock is a second guard, read only after enough steps that a machine that is still warming up is not mistaken for a
 * hostile answer.
 */
final class Budget {

    /** Longest text that is parsed, in characters. */
    static final int LENGTH = 2_000;

    /** Deepest nesting of an expression. */
    static final int DEPTH = 100;

    /** Longest integer, in bits: about 6,000 decimal digits. */
    static final int BITS = 20_000;

    /** Most members of a list, a set or a matrix. */
    static final int ITEMS = 200;

    /** Longest wall time, checked every {@link #STEPS_BETWEEN_LOOKS} steps. */
    static final long NANOSECONDS = 250_000_000L;

    private static final int STEPS = 150_000;
    private static final int STEPS_BETWEEN_LOOKS = 4_000;

    private final long start = System.nanoTime();
    private int left = STEPS;
    private int nextLook = STEPS - STEPS_BETWEEN_LOOKS;

    /** @throws Unparsed when the budget is used up */
    void spend(int steps) {
        left -= steps;
        if (left < 0) {
            throw Unparsed.tooLarge("more than " + STEPS + " steps");
        }
        if (left < nextLook) {
            nextLook = left - STEPS_BETWEEN_LOOKS;
            if (System.nanoTime() - start > NANOSECONDS) {
                throw Unparsed.tooLarge("more than " + NANOSECONDS / 1_000_000 + " ms");
            }
        }
    }
}
