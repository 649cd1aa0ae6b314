package org.grpo4j.training.objective;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of one or more micro-batches, collected in double precision, to be turned into means when the batch is done.
 * Not thread-safe.
 */
public final class ObjectiveSums {

    private final Map<ObjectiveMetric, Double> sums = new EnumMap<>(ObjectiveMetric.class);

    /**
     * Adds the metrics of one micro-batch.
     *
     * @param objective the graph that was run
     * @param value looks up the scalar value of an output by its name
     */
    public void add(Objective objective, Function<String, Double> value) {
        for (ObjectiveMetric metric : objective.metrics().keySet()) {
            add(metric, value.apply(metric.outputName()));
        }
    }

    /** Adds one value of one metric. */
    public void add(ObjectiveMetric metric, double value) {
        sums.merge(metric, value, metric == ObjectiveMetric.MAX_ABS_Z ? Math::max : Double::sum);
    }

    /** Adds what another one has collected, for example on another thread. */
    public void add(ObjectiveSums other) {
        other.sums.forEach(this::add);
    }

    /** Means over the batch that was added. */
    public ObjectiveMetrics over(ObjectiveConfig config, BatchTotals totals) {
        double tokens = (double) totals.tokens();
        double ratios = config.ratioLevel() == RatioLevel.SEQUENCE ? totals.completions() : tokens;
        return new ObjectiveMetrics(
                sum(ObjectiveMetric.RATIO) / ratios,
                sum(ObjectiveMetric.CLIP_LOW) / ratios,
                sum(ObjectiveMetric.CLIP_HIGH) / ratios,
                mean(ObjectiveMetric.KL_K3, tokens),
                sum(ObjectiveMetric.ABS_Z) / ratios,
                mean(ObjectiveMetric.ENTROPY, tokens),
                sum(ObjectiveMetric.MAX_ABS_Z));
    }

    private double sum(ObjectiveMetric metric) {
        Double sum = sums.get(metric);
        if (sum == null) {
            throw new IllegalStateException("no micro-batch has reported " + metric.outputName());
        }
        return sum;
    }

    private @Nullable Double mean(ObjectiveMetric metric, double count) {
        Double sum = sums.get(metric);
        return sum == null ? null : sum / count;
    }
}
