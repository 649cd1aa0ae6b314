package org.grpo4j.training.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs that are drawn as one curve, because they differ in nothing but their seed: the mean with a band from the smallest
 * to the largest of them. Often it is one run alone.
 *
 * @param name in the legend
 * @param settings what the runs have in common, by full key
 * @param runs at least one
 */
public record SeriesGroup(String name, Map<String, String> settings, List<RunSeries> runs) {
    public SeriesGroup {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("group '" + name + "' has no runs");
        }
    }

    /** A run alone. */
    public static SeriesGroup of(RunSeries run) {
        return new SeriesGroup(run.name(), run.settings(), List.of(run));
    }
}
