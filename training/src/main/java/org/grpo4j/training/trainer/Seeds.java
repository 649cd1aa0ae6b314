package org.grpo4j.training.trainer;

/** Seeds of single random choices, derived from the run's seed and what the choice is for, never from a shared stream. */
public final class Seeds {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Seeds() {}

    /** A seed that changes completely with any of its parts (SplitMix64's finaliser over each in turn). */
    public static long derive(long runSeed, long... parts) {
        long hash = mix(runSeed + GOLDEN);
        for (long part : parts) {
            hash = mix(hash ^ mix(part + GOLDEN));
        }
        return hash;
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
