package org.grpo4j.framework.op;

import java.util.List;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The product of every row with the weights {@code W} of an {@link EligibilityTrace} or with their transpose, in linear
 * time: input and output {@code [rows, time]}. Each is the other's gradient: that of {@code z = W d} is {@code Wᵀ δ}.
 *
 * <p>The body has no loop and no T×T matrix. Time is cut into chunks of at most {@value #MAX_CHUNK} steps; a chunk is one
 * product with a Toeplitz constant, the trace that enters a chunk is one product of the chunk ends with powers of
 * {@code a^chunk}. All powers are positive, so nothing overflows, whatever the length. Only the product between the
 * chunks is quadratic, in their number.
 *
 * @param trace the weights
 * @param rows number of rows
 * @param time number of columns
 * @param transposed whether the trace runs backwards, from the last step to the first
 */
public record TraceProduct(EligibilityTrace trace, int rows, int time, boolean transposed) implements DifferentiableOp {
    private static final int MAX_CHUNK = 64;

    /** Below this a divisor of the length makes chunks too short; padding to a better chunk is cheaper. */
    private static final int MIN_CHUNK = 16;

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable x = inputs.get(0);
        if (!hasTwoTerms()) {
            return List.of(recent(x, trace.decay(), time));
        }
        return List.of(transposed ? bothTransposed(x) : both(x));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        return List.of(new TraceProduct(trace, rows, time, !transposed).apply(call.upstreamOfFirst()));
    }

    /** Whether the weights have a part that falls off from the start, beside the one that falls off with the distance. */
    public boolean hasTwoTerms() {
        return trace.style() == Style.BOTH && trace.decay() > 0 && trace.decay() < 1;
    }

    /** The recent trace of {@code [rows, steps]} with decay a, forwards or backwards. */
    private SDVariable recent(SDVariable x, double a, int steps) {
        int width = chunkWidth(steps);
        int chunks = (steps + width - 1) / width;
        SDVariable blocks = chunks == 1 ? x : padTime(x, steps, chunks * width).reshape(rows * chunks, width);
        SDVariable within = blocks.mmul(directed(x, width, width, (j, t) -> j <= t ? Math.pow(a, t - j) : 0));
        if (chunks == 1) {
            return within;
        }
        SDVariable ends = blocks.mmul(directed(x, width, 1, (j, unused) -> Math.pow(a, width - 1 - j)));
        SDVariable entering = ends.reshape(rows, chunks)
                .mmul(directed(
                        x,
                        chunks,
                        chunks,
                        (from, to) -> from < to ? Math.pow(a, (double) width * (to - 1 - from)) : 0));
        SDVariable spread =
                entering.reshape(rows * chunks, 1).mmul(directed(x, 1, width, (unused, k) -> Math.pow(a, k + 1)));
        SDVariable z = within.add(spread).reshape(rows, chunks * width);
        return firstColumns(z, steps, chunks * width);
    }

    /**
     * {@code z_t = P_m + e_t − a^(t−m) e_m} with {@code m = ⌊t/2⌋}, e the recent trace and P the prefix sums of
     * {@code a^j d_j}. Every m serves t = 2m and t = 2m+1, so the look-up by m is a product with a row of two.
     */
    private SDVariable both(SDVariable d) {
        int half = (time + 1) / 2;
        SDVariable e = recent(d, trace.decay(), time);
        SDVariable prefix = recent(firstColumns(d, half, time).mul(powers(d)), 1, half);
        SDVariable faded = firstColumns(e, half, time).mul(powers(d));
        SDVariable early = prefix.reshape(rows * half, 1).mmul(constant(d, 1, 2, (unused, k) -> 1));
        SDVariable twice = faded.reshape(rows * half, 1).mmul(constant(d, 1, 2, (unused, k) -> odd(k)));
        SDVariable correction = early.sub(twice).reshape(rows, 2 * half);
        return e.add(firstColumns(correction, time, 2 * half));
    }

    /**
     * The steps of {@link #both} in reverse: with {@code v_m = δ_2m + δ_2m+1}, {@code f_m = a^m (δ_2m + a δ_2m+1)} and S
     * the suffix sums of v, the recent trace, backwards, of {@code δ − f} plus {@code a^j S_j}; v, f and S are zero from
     * the middle on.
     */
    private SDVariable bothTransposed(SDVariable delta) {
        int half = (time + 1) / 2;
        SDVariable pairs = padTime(delta, time, 2 * half).reshape(rows * half, 2);
        SDVariable sums = pairs.mmul(constant(delta, 2, 1, (k, unused) -> 1)).reshape(rows, half);
        SDVariable faded = pairs.mmul(constant(delta, 2, 1, (k, unused) -> odd(k)))
                .reshape(rows, half)
                .mul(powers(delta));
        SDVariable late = recent(sums, 1, half).mul(powers(delta));
        SDVariable e = recent(delta.sub(padTime(faded, half, time)), trace.decay(), time);
        return e.add(padTime(late, half, time));
    }

    /** {@code a^(t−m)} beyond {@code a^m}, for t = 2m and t = 2m+1. */
    private double odd(int k) {
        return k == 0 ? 1 : trace.decay();
    }

    private SDVariable powers(SDVariable like) {
        return constant(like, 1, (time + 1) / 2, (unused, j) -> Math.pow(trace.decay(), j));
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
        return x.getSameDiff().concat(1, x, constant(x, rows, padded - columns, (row, column) -> 0));
    }

    private SDVariable firstColumns(SDVariable x, int columns, int of) {
        return columns == of ? x : x.getSameDiff().slice(x, new int[] {0, 0}, rows, columns);
    }

    /** A constant of the recent trace; backwards, steps and chunks count from the end. */
    private SDVariable directed(SDVariable like, int height, int width, Entry entry) {
        Entry mirrored = (i, j) -> entry.at(height - 1 - i, width - 1 - j);
        return constant(like, height, width, transposed ? mirrored : entry);
    }

    private static SDVariable constant(SDVariable like, int height, int width, Entry entry) {
        double[][] values = new double[height][width];
        for (int i = 0; i < height; i++) {
            for (int j = 0; j < width; j++) {
                values[i][j] = entry.at(i, j);
            }
        }
        return like.getSameDiff().constant(Nd4j.create(values).castTo(like.dataType()));
    }

    private interface Entry {
        double at(int row, int column);
    }
}
