package org.grpo4j.training.trainer;

/** What happens before the clock of a benchmark starts: plans are compiled, and the JIT compiler has seen every path. */
final class WarmUp {
    private static final int ROUNDS = 2;
    /** The JIT compiler works beside the benchmark for about as long, and takes one of its cores meanwhile. */
    private static final long NANOS = 4_000_000_000L;

    private WarmUp() {}

    /** Runs rounds that are not timed. */
    static void by(Runnable round) {
        long start = System.nanoTime();
        for (int i = 0; i < ROUNDS || System.nanoTime() - start < NANOS; i++) {
            round.run();
        }
    }
}
