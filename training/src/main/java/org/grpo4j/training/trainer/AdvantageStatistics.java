package org.grpo4j.training.trainer;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.Map;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;

/**
 * How the advantages of a step are spread; NaN throughout if there are none.
 *
 * @param mean of them
 * @param std population standard deviation
 * @param min the smallest
 * @param max the largest
 * @param positive fraction above 0
 */
record AdvantageStatistics(double mean, double std, double min, double max, double positive) {

    static AdvantageStatistics of(double[] advantages) {
        if (advantages.length == 0) {
            return new AdvantageStatistics(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        DoubleSummaryStatistics all = Arrays.stream(advantages).summaryStatistics();
        double variance = Arrays.stream(advantages)
                        .map(a -> (a - all.getAverage()) * (a - all.getAverage()))
                        .sum()
                / advantages.length;
        long positive = Arrays.stream(advantages).filter(a -> a > 0).count();
        return new AdvantageStatistics(
                all.getAverage(),
                Math.sqrt(variance),
                all.getMin(),
                all.getMax(),
                (double) positive / advantages.length);
    }

    void put(StepMetrics.Builder metrics) {
        values().forEach(metrics::put);
    }

    /** The numbers by their metrics. */
    Map<Metric, Double> values() {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        values.put(Metric.ADVANTAGE_MEAN, mean);
        values.put(Metric.ADVANTAGE_STD, std);
        values.put(Metric.ADVANTAGE_MIN, min);
        values.put(Metric.ADVANTAGE_MAX, max);
        values.put(Metric.ADVANTAGE_POSITIVE_FRACTION, positive);
        return values;
    }
}
