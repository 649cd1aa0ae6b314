package org.grpo4j.training.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.metrics.StepMetrics;

/**
 * One run of a report.
 *
 * @param name in the legend
 * @param settings its configuration, by full key; {@link Settings#of} makes it from a record
 * @param steps its metrics, by ascending step
 */
public record RunSeries(String name, Map<String, String> settings, List<StepMetrics> steps) {
    public RunSeries {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        steps = List.copyOf(steps);
    }
}
