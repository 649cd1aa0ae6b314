package org.grpo4j.framework.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.plan.Team;

/**
 * The rate at which memory is copied, the yardstick for whatever reads large arrays once. Every thread copies a block of
 * its own from one place to another.
 */
public final class CopyBandwidth {

    /** Bytes a thread copies, far more than a cache holds. */
    public static final long BLOCK = 1L << 28;

    private CopyBandwidth() {}

    /**
     * Median over {@code repeats} rounds, after one round that also makes the system provide the memory.
     *
     * @param block bytes a thread copies in a round
     * @param threads copies that run side by side
     * @return GB/s of bytes copied by all threads together; each is read once and written once
     */
    public static double measure(long block, int threads, int repeats) {
        List<BytePointer> blocks = new ArrayList<>();
        try (Team team = new Team(threads)) {
            for (int i = 0; i < 2 * threads; i++) {
                blocks.add(new BytePointer(block));
                Pointer.memset(blocks.get(i), 1, block);
            }
            double[] rates = new double[repeats + 1];
            for (int round = 0; round <= repeats; round++) {
                long start = System.nanoTime();
                team.run(i -> Pointer.memcpy(blocks.get(2 * i), blocks.get(2 * i + 1), block));
                rates[round] = threads * block / (double) (System.nanoTime() - start);
            }
            Arrays.sort(rates, 1, repeats + 1);
            return (rates[1 + (repeats - 1) / 2] + rates[1 + repeats / 2]) / 2;
        } finally {
            blocks.forEach(BytePointer::deallocate);
        }
    }
}
