package org.grpo4j.training.trainer;

import java.util.SplittableRandom;

/**
 * The order in which rows are used: every epoch a permutation of its own. The row at a position depends on seed and
 * position only, so a resumed run goes on where it stopped.
 */
final class DataOrder {
    private final int rows;
    private final long seed;
    private long cachedEpoch = -1;
    private int[] permutation = new int[0];

    DataOrder(int rows, long seed) {
        this.rows = rows;
        this.seed = seed;
    }

    /** The row at a position counted from the start of the run. */
    int row(long position) {
        long epoch = position / rows;
        if (epoch != cachedEpoch) {
            permutation = shuffled(epoch);
            cachedEpoch = epoch;
        }
        return permutation[(int) (position % rows)];
    }

    /** {@code count} rows from a position on. */
    int[] rows(long position, int count) {
        int[] result = new int[count];
        for (int i = 0; i < count; i++) {
            result[i] = row(position + i);
        }
        return result;
    }

    private int[] shuffled(long epoch) {
        SplittableRandom random = new SplittableRandom(Seeds.derive(seed, epoch));
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
