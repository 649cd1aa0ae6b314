package org.grpo4j.framework.op;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The eligibility trace {@code z_t = Σ_{j≤t} W[t,j] d_j} along the time axis, in linear time and as ordinary
 * differentiable ops (GRPO-λ, arXiv 2510.00194, section 4; this project's objective, section 2).
 *
 * <p>With decay {@code a = γλ} the weights are {@code W[t,j] = a^(t−j)} for {@link Style#RECENT} and
 * {@code max(a^(t−j), a^j)} for {@link Style#BOTH}. {@code a = 0} means the identity for both styles, although the bare
 * formula of {@code both} would keep {@code W[t,0] = 1}: without memory the objective has to be plain GRPO.
 *
 * <p>No loop and no T×T matrix is built. Time is cut into chunks of at most {@value #MAX_CHUNK} steps; a chunk is one
 * product with a Toeplitz constant, the trace that enters a chunk is one product of the chunk ends with powers of
 * {@code a^chunk}. All powers are positive, so nothing overflows, whatever the length.
 *
 * @param style which of the two weightings
 * @param decay {@code a = γλ} in [0, 1]
 */
public record EligibilityTrace(Style style, double decay) {

    /** How the weight of token j falls off: with the distance to t, or with its distance to t or to the start. */
    public enum Style {
        /** {@code W[t,j] = a^(t−j)}. */
        @JsonProperty("recent")
        RECENT,
        /** {@code W[t,j] = max(a^(t−j), a^j)}: recent tokens and the first tokens both count. */
        @JsonProperty("both")
        BOTH
    }

    private static final int MAX_CHUNK = 64;

    /** Below this a divisor of the length makes chunks too short; padding to a better chunk is cheaper. */
    private static final int MIN_CHUNK = 16;

    /** @throws IllegalArgumentException if the decay is outside [0, 1] */
    public EligibilityTrace {
        if (!(decay >= 0 && decay <= 1)) {
            throw new IllegalArgumentException(
                    "the decay of an eligibility trace is gamma * lambda and must lie in" + " [0, 1], but is " + decay);
        }
    }

    /**
     * The trace of every row; each row is one sequence that starts at column 0.
     *
     * @param d values {@code [rows, time]}, floating point, finite everywhere (see {@link Masked#select})
     * @param rows number of rows, known when the graph is built
     * @param time number of columns, known when the graph is built
     * @return {@code z}, {@code [rows, time]}; {@code d} itself when the trace is the identity
     */
    public SDVariable apply(SDVariable d, int rows, int time) {
        if (rows < 1 || time < 1) {
            throw new IllegalArgumentException(
                    "a trace needs at least one row and one time step, but got [" + rows + ", " + time + "]");
        }
        return switch (style) {
            case RECENT -> recent(d, decay, rows, time);
            case BOTH -> both(d, decay, rows, time);
        };
    }

    /** {@code W[t,j]}, zero for {@code j > t}: the definition that everything else here has to agree with. */
    public double weight(int t, int j) {
        if (j > t) {
            return 0;
        }
        if (decay == 0) {
            return t == j ? 1 : 0;
        }
        double recent = Math.pow(decay, t - j);
        return style == Style.RECENT ? recent : Math.max(recent, Math.pow(decay, j));
    }

    /** {@code w_t = Σ_{j≤t} W[t,j]} for t = 0..time−1: the weights of ε-weight, and the divisor of row normalisation. */
    public double[] rowSums(int time) {
        double[] sums = new double[time];
        for (int t = 0; t < time; t++) {
            int m = t / 2;
            // `both` counts a^j for j = 0..m and a^(t−j) for the t−m later ones.
            sums[t] = style == Style.RECENT || decay == 0 ? geometric(t + 1) : geometric(m + 1) + geometric(t - m);
        }
        return sums;
    }

    /**
     * {@code c_j = Σ_{t≥j} W[t,j]} for j = 0..time−1: on-policy, the gradient of GRPO-λ is that of GRPO with the advantage
     * of token j multiplied by {@code c_j} (objective, section 3).
     */
    public double[] columnSums(int time) {
        double[] sums = new double[time];
        for (int j = 0; j < time; j++) {
            int later = time - 1 - j;
            if (style == Style.RECENT || decay == 0) {
                sums[j] = geometric(later + 1);
            } else {
                int falling = Math.min(j, later);
                sums[j] = geometric(falling + 1) + (later - falling) * Math.pow(decay, j);
            }
        }
        return sums;
    }

    /** {@code Σ_{k<n} a^k}; expm1 keeps the digits that {@code 1 − a^n} loses when a is near 1. */
    private double geometric(int n) {
        if (decay == 1) {
            return n;
        }
        if (decay == 0) {
            return n == 0 ? 0 : 1;
        }
        return -Math.expm1(n * Math.log(decay)) / (1 - decay);
    }

    private static SDVariable recent(SDVariable d, double a, int rows, int time) {
        if (a == 0 || time == 1) {
            return d;
        }
        SameDiff sd = d.getSameDiff();
        int width = chunkWidth(time);
        int chunks = (time + width - 1) / width;
        SDVariable blocks =
                chunks == 1 ? d : padTime(d, rows, time, chunks * width).reshape(rows * chunks, width);
        SDVariable within = blocks.mmul(constant(d, width, width, (j, t) -> j <= t ? Math.pow(a, t - j) : 0));
        if (chunks == 1) {
            return within;
        }
        SDVariable ends = blocks.mmul(constant(d, width, 1, (j, unused) -> Math.pow(a, width - 1 - j)));
        SDVariable entering = ends.reshape(rows, chunks)
                .mmul(constant(
                        d,
                        chunks,
                        chunks,
                        (from, to) -> from < to ? Math.pow(a, (double) width * (to - 1 - from)) : 0));
        SDVariable spread =
                entering.reshape(rows * chunks, 1).mmul(constant(d, 1, width, (unused, k) -> Math.pow(a, k + 1)));
        SDVariable z = within.add(spread).reshape(rows, chunks * width);
        return firstColumns(sd, z, rows, time, chunks * width);
    }

    /**
     * {@code z_t = P_m + e_t − a^(t−m) e_m} with {@code m = ⌊t/2⌋}, e the recent trace and P the prefix sums of
     * {@code a^j d_j}. Every m serves t = 2m and t = 2m+1, so the look-up by m is a product with a row of two.
     */
    private static SDVariable both(SDVariable d, double a, int rows, int time) {
        if (a == 0 || time == 1) {
            return d;
        }
        SDVariable e = recent(d, a, rows, time);
        if (a == 1) {
            return e;
        }
        SameDiff sd = d.getSameDiff();
        int half = (time + 1) / 2;
        SDVariable powers = constant(d, 1, half, (unused, j) -> Math.pow(a, j));
        SDVariable prefix = recent(firstColumns(sd, d, rows, half, time).mul(powers), 1, rows, half);
        SDVariable faded = firstColumns(sd, e, rows, half, time).mul(powers);
        SDVariable early = prefix.reshape(rows * half, 1).mmul(constant(d, 1, 2, (unused, k) -> 1));
        SDVariable twice = faded.reshape(rows * half, 1).mmul(constant(d, 1, 2, (unused, k) -> k == 0 ? 1 : a));
        SDVariable correction = early.sub(twice).reshape(rows, 2 * half);
        return e.add(firstColumns(sd, correction, rows, time, 2 * half));
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

    private static SDVariable padTime(SDVariable d, int rows, int time, int padded) {
        if (padded == time) {
            return d;
        }
        return d.getSameDiff().concat(1, d, constant(d, rows, padded - time, (row, column) -> 0));
    }

    private static SDVariable firstColumns(SameDiff sd, SDVariable x, int rows, int columns, int of) {
        return columns == of ? x : sd.slice(x, new int[] {0, 0}, rows, columns);
    }

    private static SDVariable constant(SDVariable like, int rows, int columns, Entry entry) {
        double[][] values = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[i][j] = entry.at(i, j);
            }
        }
        return like.getSameDiff().constant(Nd4j.create(values).castTo(like.dataType()));
    }

    private interface Entry {
        double at(int row, int column);
    }
}
