package org.grpo4j.framework.kernel;

import org.grpo4j.framework.plan.Team;
import org.jspecify.annotations.Nullable;

/** Spreads the columns of a product of weights over a team: every member reads a part of the weights, once. */
final class ColumnSplit {
    /** Multiplications below which waking the team costs more than it saves: some microseconds of work. */
    private static final long SMALLEST_SHARED = 1 << 18;

    /** Columns of a share are a multiple of this many, a few vectors, so that only the last share has an odd end. */
    private static final int GRAIN = 64;

    private ColumnSplit() {}

    /** Some columns of a product. */
    @FunctionalInterface
    interface Part {
        /** @param adds whether to add to what is there */
        void run(boolean adds);
    }

    /** Makes the part of a member, columns {@code from} to {@code to}. */
    @FunctionalInterface
    interface Parts {
        Part of(int member, int from, int to);
    }

    /**
     * The whole of a product {@code [m, k] x [k, n]}.
     *
     * @param team whose members compute a range of columns each, or null for the calling thread alone
     */
    static Part over(@Nullable Team team, int m, int n, int k, Parts parts) {
        if (team == null || (long) m * n * k < SMALLEST_SHARED || n < 2 * GRAIN) {
            return parts.of(0, 0, n);
        }
        Part[] shares = new Part[team.size()];
        int grains = (n + GRAIN - 1) / GRAIN;
        for (int i = 0; i < shares.length; i++) {
            int from = grains * i / shares.length * GRAIN;
            int to = Math.min(n, grains * (i + 1) / shares.length * GRAIN);
            shares[i] = parts.of(i, from, to);
        }
        return adds -> team.run(i -> shares[i].run(adds));
    }
}
