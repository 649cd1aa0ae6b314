package org.grpo4j.framework.op;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The eligibility trace {@code z_t = Σ_{j≤t} W[t,j] d_j} along the time axis (GRPO-λ, arXiv 2510.00194, section 4; this
 * project's objective, section 2): its weights, and the function of graph variables, whose time and memory are linear in
 * the number of steps (see {@link TraceProduct}).
 *
 * <p>With decay {@code a = γλ} the weights are {@code W[t,j] = a^(t−j)} for {@link Style#RECENT} and
 * {@code max(a^(t−j), a^j)} for {@link Style#BOTH}. {@code a = 0} means the identity for both styles, although the bare
 * formula of {@code both} would keep {@code W[t,0] = 1}: without memory the objective has to be plain GRPO.
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
        return decay == 0 || time == 1 ? d : new TraceProduct(this, rows, time, false).apply(d);
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

    /** {@code W x} in linear time, {@code [T]}: the trace of one sequence as plain numbers. */
    public double[] product(double[] x) {
        double[] recent = x.clone();
        for (int t = 1; t < x.length; t++) {
            recent[t] += decay * recent[t - 1];
        }
        if (style == Style.RECENT || decay == 0) {
            return recent;
        }
        double[] z = new double[x.length];
        double early = 0;
        for (int t = 0; t < x.length; t++) {
            int m = t / 2;
            if (t == 2 * m) {
                early += Math.pow(decay, m) * x[m];
            }
            z[t] = early + recent[t] - Math.pow(decay, t - m) * recent[m];
        }
        return z;
    }

    /** {@code Wᵀ u} in linear time, {@code [T]}. */
    public double[] transposedProduct(double[] u) {
        double[] recent = u.clone();
        double[] suffix = u.clone();
        for (int j = u.length - 2; j >= 0; j--) {
            recent[j] += decay * recent[j + 1];
            suffix[j] += suffix[j + 1];
        }
        if (style == Style.RECENT || decay == 0) {
            return recent;
        }
        double[] y = recent.clone();
        // Token j weighs a^(t−j) up to t = 2j and a^j from then on.
        for (int j = 0; 2 * j + 1 < u.length; j++) {
            y[j] += Math.pow(decay, j) * (suffix[2 * j + 1] - decay * recent[2 * j + 1]);
        }
        return y;
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
}
