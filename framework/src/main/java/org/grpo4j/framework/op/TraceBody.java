package org.grpo4j.framework.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products with the weights of a trace, or with their transpose, made of plain ops without a loop and without a T×T
 * matrix. Time is cut into chunks of at most {@value #MAX_CHUNK} steps; a chunk is one product with a Toeplitz matrix, the
 * trace that enters a chunk is one product of the chunk ends with powers of {@code a^chunk}. All exponents are positive,
 * so nothing overflows, whatever the length. Only the product between the chunks is quadratic, in their number.
 *
 * @param rows number of rows
 * @param time number of columns
 * @param transposed whether the trace runs backwards, from the last step to the first
 * @param powers what a matrix of exponents is made into
 */
record TraceBody(int rows, int time, boolean transposed, Powers powers) {
    /** The exponent of an entry that is 0 whatever the decay. */
    static final double ZERO = -1;

    private static final int MAX_CHUNK = 64;

    /** Below this a divisor of the length makes chunks too short; padding to a better chunk is cheaper. */
    private static final int MIN_CHUNK = 16;

    /** Makes {@code a^n} of every exponent n of a matrix, with {@code 0^0 = 1}, and 0 of {@link #ZERO}. */
    interface Powers {
        SDVariable of(double[][] exponents);
    }

    /** The trace of style {@code recent}. */
    SDVariable recent(SDVariable x) {
        return decaying(x, time, 1);
    }

    /** The trace of style {@code both} for a decay above 0. */
    SDVariable both(SDVariable x) {
        return transposed ? bothBackward(x) : bothForward(x);
    }

    /**
     * The recent trace of {@code [rows, steps]}, forwards or backwards.
     *
     * @param scale of the exponents: 1, or 0 for a trace that forgets nothing
     */
    private SDVariable decaying(SDVariable x, int steps, int scale) {
        int width = chunkWidth(steps);
        int chunks = (steps + width - 1) / width;
        SDVariable blocks = chunks == 1 ? x : padTime(x, steps, chunks * width).reshape(rows * chunks, width);
        SDVariable within = blocks.mmul(directed(width, width, (j, t) -> j <= t ? scale * (t - j) : ZERO));
        if (chunks == 1) {
            return within;
        }
        SDVariable ends = blocks.mmul(directed(width, 1, (j, unused) -> scale * (width - 1 - j)));
        SDVariable entering = ends.reshape(rows, chunks)
                .mmul(directed(
                        chunks, chunks, (from, to) -> from < to ? (double) scale * width * (to - 1 - from) : ZERO));
        SDVariable spread = entering.reshape(rows * chunks, 1).mmul(directed(1, width, (unused, k) -> scale * (k + 1)));
        SDVariable z = within.add(spread).reshape(rows, chunks * width);
        return firstColumns(z, steps, chunks * width);
    }

    /**
     * {@code z_t = P_m + e_t − a^(t−m) e_m} with {@code m = ⌊t/2⌋}, e the recent trace and P the prefix sums of
     * {@code a^j d_j}. Every m serves t = 2m and t = 2m+1, so the look-up by m is a product with a row of two.
     */
    private SDVariable bothForward(SDVariable d) {
        int half = (time + 1) / 2;
        SDVariable e = recent(d);
        SDVariable prefix = decaying(firstColumns(d, half, time).mul(falling()), half, 0);
        SDVariable faded = firstColumns(e, half, time).mul(falling());
        SDVariable early = prefix.reshape(rows * half, 1).mmul(matrix(1, 2, (unused, k) -> 0));
        SDVariable twice = faded.reshape(rows * half, 1).mmul(matrix(1, 2, (unused, k) -> k));
        SDVariable correction = early.sub(twice).reshape(rows, 2 * half);
        return e.add(firstColumns(correction, time, 2 * half));
    }

    /**
     * The steps of {@link #bothForward} in reverse: with {@code v_m = δ_2m + δ_2m+1}, {@code f_m = a^m (δ_2m + a δ_2m+1)}
     * and S the suffix sums of v, the recent trace, backwards, of {@code δ − f} plus {@code a^j S_j}; v, f and S are zero
     * from the middle on.
     */
    private SDVariable bothBackward(SDVariable delta) {
        int half = (time + 1) / 2;
        SDVariable pairs = padTime(delta, time, 2 * half).reshape(rows * half, 2);
        SDVariable sums = pairs.mmul(matrix(2, 1, (k, unused) -> 0)).reshape(rows, half);
        SDVariable faded =
                pairs.mmul(matrix(2, 1, (k, unused) -> k)).reshape(rows, half).mul(falling());
        SDVariable late = decaying(sums, half, 0).mul(falling());
        SDVariable e = recent(delta.sub(padTime(faded, half, time)));
        return e.add(padTime(late, half, time));
    }

    /** {@code a^j} over the first half. */
    private SDVariable falling() {
        return matrix(1, (time + 1) / 2, (unused, j) -> j);
    }

    /** A divisor of the length if a good one exists, because then no padding and no slice is needed. */
    private static int chunkWidth(int time) {
        for (int width = Math.min(MAX_CHUNK, time); width >= MIN_CHUNK; width--) {
            if (time % width == 0) {
                return width;
            }
        }
        int chunks = (time + MAX_CHUNK - 1) / MAX_CHUNK;
        return (time + chunks - 1) / chunks;
    }

    private SDVariable padTime(SDVariable x, int columns, int padded) {
        if (padded == columns) {
            return x;
        }
        SDVariable zeros = x.getSameDiff().constant(Nd4j.zeros(x.dataType(), rows, padded - columns));
        return x.getSameDiff().concat(1, x, zeros);
    }

    private SDVariable firstColumns(SDVariable x, int columns, int of) {
        return columns == of ? x : x.getSameDiff().slice(x, new int[] {0, 0}, rows, columns);
    }

    /** A matrix of the recent trace; backwards, steps and chunks count from the end. */
    private SDVariable directed(int height, int width, Exponent exponent) {
        Exponent mirrored = (i, j) -> exponent.at(height - 1 - i, width - 1 - j);
        return matrix(height, width, transposed ? mirrored : exponent);
    }

    private SDVariable matrix(int height, int width, Exponent exponent) {
        double[][] exponents = new double[height][width];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                exponents[i][j] = exponent.at(i, j);
            }
        }
        return powers.of(exponents);
    }

    private interface Exponent {
        double at(int row, int column);
    }
}
