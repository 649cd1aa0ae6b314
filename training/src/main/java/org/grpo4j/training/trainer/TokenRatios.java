package org.grpo4j.training.trainer;

import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;

/**
 * How the ratios of single tokens, {@code exp(log π − log π_old)} before any trace, are spread: how far the policy has moved,
 * whatever the objective makes of it. Collected in double precision. Not thread-safe.
 */
final class TokenRatios {
    private long count;
    private long above;
    private double sum;
    private double squares;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;

    /** Adds a token. */
    void add(double logProb, double old) {
        double ratio = Math.exp(logProb - old);
        count++;
        above += ratio > 1 ? 1 : 0;
        sum += ratio;
        // Ratios lie around 1; squares of what is left keep their digits.
        squares += (ratio - 1) * (ratio - 1);
        min = Math.min(min, ratio);
        max = Math.max(max, ratio);
    }

    /** Adds what another one has collected. */
    void add(TokenRatios other) {
        count += other.count;
        above += other.above;
        sum += other.sum;
        squares += other.squares;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    /** NaN throughout without a token. */
    void put(StepMetrics.Builder metrics) {
        double mean = sum / count;
        double variance = squares / count - (mean - 1) * (mean - 1);
        metrics.put(Metric.TOKEN_RATIO_MEAN, mean)
                .put(Metric.TOKEN_RATIO_STD, Math.sqrt(Math.max(0, variance)))
                .put(Metric.TOKEN_RATIO_MIN, count == 0 ? Double.NaN : min)
                .put(Metric.TOKEN_RATIO_MAX, count == 0 ? Double.NaN : max)
                .put(Metric.TOKEN_RATIO_ABOVE_ONE_FRACTION, (double) above / count);
    }
}
