package org.grpo4j.models.decoder;

/** Rounds lengths up to a few sizes, so that a few plans serve all lengths. */
public final class Buckets {
    private static final int SMALLEST = 16;

    private Buckets() {}

    /** The next power of two, or three quarters of one: at most a third of the size is padding above 16. */
    public static int of(int length) {
        int size = SMALLEST;
        while (size < length) {
            size *= 2;
        }
        int smaller = size / 4 * 3;
        return smaller >= Math.max(length, SMALLEST) ? smaller : size;
    }
}
