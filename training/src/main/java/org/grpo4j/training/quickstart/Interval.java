package org.grpo4j.training.quickstart;

import org.grpo4j.training.trainer.Evaluator;

/**
 * A 95 % confidence interval of an accuracy.
 *
 * @param low lower end, at least 0
 * @param high upper end, at most 1
 */
public record Interval(double low, double high) {
    private static final double NORMAL_QUANTILE = 1.959964;

    /**
     * Wilson's score interval. Several completions of one problem count as fewer independent ones, by the ratio of the
     * variance that was observed to that of independent completions.
     */
    public static Interval of(Evaluator.Result result) {
        double p = result.accuracy();
        double independent = p * (1 - p) / result.completions();
        double observed = result.standardError() * result.standardError();
        double effect = independent > 0 ? Math.max(1, observed / independent) : 1;
        return wilson(p, result.completions() / effect);
    }

    private static Interval wilson(double p, double n) {
        double z2 = NORMAL_QUANTILE * NORMAL_QUANTILE;
        double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        double half = NORMAL_QUANTILE * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
        return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
    }
}
