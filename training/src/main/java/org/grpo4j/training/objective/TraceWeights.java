package org.grpo4j.training.objective;

import java.util.Arrays;
import org.grpo4j.framework.op.EligibilityTrace;
import org.jspecify.annotations.Nullable;

/**
 * Sums of the weights W of a trace over one completion of T tokens, where a selective trace keeps {@code W[t,j]} only for
 * {@code j = t} and for the tokens it remembers.
 */
final class TraceWeights {
    private final ObjectiveConfig config;
    private final EligibilityTrace trace;
    private final int length;
    private final double @Nullable [] history;

    /** @param history 1 for tokens that are remembered, else 0, {@code [T]}; null remembers all */
    TraceWeights(ObjectiveConfig config, int length, double @Nullable [] history) {
        this.config = config;
        this.trace = config.eligibilityTrace();
        this.length = length;
        this.history = history;
    }

    /** Factor of each token's surrogate, {@code [T]}. */
    double[] surrogate() {
        return switch (config.trace()) {
            case NONE, E_TRACE -> ones();
            case E_WEIGHT -> isRow() ? withMeanOne(rowSums()) : rowSums();
            case POSITION_WEIGHT -> columnSums(exponentScale());
        };
    }

    /** What the traced log-ratio of each token is multiplied by, {@code [T]}: 1, or the inverse row sum. */
    double[] exponentScale() {
        return isRow() ? Arrays.stream(rowSums()).map(sum -> 1 / sum).toArray() : ones();
    }

    private boolean isRow() {
        return config.traceNormalisation() == TraceNormalisation.ROW;
    }

    private double[] ones() {
        double[] ones = new double[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    private double[] rowSums() {
        double[] kept = history;
        if (kept == null) {
            return trace.rowSums(length);
        }
        double[] sums = trace.product(kept);
        // A token that is not remembered still counts at its own step.
        Arrays.setAll(sums, t -> sums[t] + 1 - kept[t]);
        return sums;
    }

    /** {@code Σ_t scale_t W[t,j]}. */
    private double[] columnSums(double[] scale) {
        double[] kept = history;
        if (kept == null) {
            return isRow() ? trace.transposedProduct(scale) : trace.columnSums(length);
        }
        double[] sums = trace.transposedProduct(scale);
        Arrays.setAll(sums, j -> kept[j] * sums[j] + (1 - kept[j]) * scale[j]);
        return sums;
    }

    private static double[] withMeanOne(double[] sums) {
        double scale = sums.length / Arrays.stream(sums).sum();
        return Arrays.stream(sums).map(sum -> sum * scale).toArray();
    }
}
