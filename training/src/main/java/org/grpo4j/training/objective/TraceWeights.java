package org.grpo4j.training.objective;

import java.util.Arrays;
import java.util.stream.IntStream;
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
    private final double @Nullable [] factor;

    /**
     * Weights over one completion.
     *
     * @param history 1 for tokens that are remembered, else 0, {@code [T]}; null remembers all
     * @param factor of each token's surrogate beside the trace, {@code [T]}; null for 1
     */
    TraceWeights(ObjectiveConfig config, int length, double @Nullable [] history, double @Nullable [] factor) {
        this.config = config;
        this.trace = config.eligibilityTrace();
        this.length = length;
        this.history = history;
        this.factor = factor;
    }

    /** Factor of each token's surrogate, {@code [T]}. */
    double[] surrogate() {
        return switch (config.trace()) {
            case NONE, E_TRACE -> factored(ones());
            case E_WEIGHT -> factored(isRow() ? withMeanOne(rowSums()) : rowSums());
            // What the surrogate of a token weighs reaches every token in its trace.
            case POSITION_WEIGHT -> columnSums(factored(exponentScale()));
        };
    }

    private double[] factored(double[] weights) {
        double[] own = factor;
        return own == null
                ? weights
                : IntStream.range(0, length)
                        .mapToDouble(t -> weights[t] * own[t])
                        .toArray();
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
            return isRow() || factor != null ? trace.transposedProduct(scale) : trace.columnSums(length);
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
