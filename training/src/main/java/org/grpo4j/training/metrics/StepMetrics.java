package org.grpo4j.training.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The metrics of one step, in the order they were put.
 *
 * @param step counted from 1; 0 stands for the state before training
 * @param values metrics by name; a value may be NaN where there was nothing to measure
 * @param seconds time of each phase of the step
 */
public record StepMetrics(int step, Map<String, Double> values, Map<String, Double> seconds) {

    public StepMetrics {
        if (step < 0) {
            throw new IllegalArgumentException("step must not be negative, found " + step);
        }
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        seconds = Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
    }

    public static Builder at(int step) {
        return new Builder(step);
    }

    /** The value, or nothing if this step did not measure it. */
    public OptionalDouble value(Metric metric) {
        return value(metric.key());
    }

    /** The value, or nothing if this step did not measure it. */
    public OptionalDouble value(String name) {
        Double value = values.get(name);
        return value == null || value.isNaN() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** Refuses a step that lacks one of {@code required}: a metric that vanishes silently is found too late. */
    public void require(Set<Metric> required) {
        for (Metric metric : required) {
            if (!values.containsKey(metric.key())) {
                throw new IllegalStateException("step " + step + " reports no " + metric.key());
            }
        }
    }

    /** Collects the metrics of a step. */
    public static final class Builder {
        private final int step;
        private final Map<String, Double> values = new LinkedHashMap<>();
        private final Map<String, Double> seconds = new LinkedHashMap<>();

        private Builder(int step) {
            this.step = step;
        }

        public Builder put(Metric metric, double value) {
            return put(metric.key(), value);
        }

        /** For a metric of your own; the known ones are in {@link Metric}. */
        public Builder put(String name, double value) {
            values.put(name, value);
            return this;
        }

        public Builder putAll(Map<String, Double> metrics) {
            values.putAll(metrics);
            return this;
        }

        /** Times of the step's phases, as {@link PhaseTimer#drain()} gives them. */
        public Builder seconds(Map<String, Double> phases) {
            seconds.putAll(phases);
            return this;
        }

        public StepMetrics build() {
            return new StepMetrics(step, values, seconds);
        }
    }
}
