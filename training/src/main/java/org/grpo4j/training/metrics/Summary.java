package org.grpo4j.training.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The few metrics a person wants to see while waiting. */
final class Summary {

    private static final Map<Metric, String> SHOWN = new LinkedHashMap<>();

    static {
        SHOWN.put(Metric.REWARD_MEAN, "reward");
        SHOWN.put(Metric.HELDOUT_ACCURACY, "held-out");
        SHOWN.put(Metric.LOSS, "loss");
        SHOWN.put(Metric.ENTROPY, "entropy");
        SHOWN.put(Metric.LENGTH_MEAN, "length");
    }

    private Summary() {}

    static String of(StepMetrics metrics) {
        List<String> parts = new ArrayList<>();
        SHOWN.forEach(
                (metric, name) -> metrics.value(metric).ifPresent(value -> parts.add(name + " " + number(value))));
        return String.join("  ", parts);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.3f" : "%.0f", value);
    }

    static String duration(double seconds) {
        long rounded = Math.round(seconds);
        if (rounded < 60) {
            return rounded + " s";
        } else if (rounded < 3600) {
            return rounded / 60 + " min " + rounded % 60 + " s";
        }
        return rounded / 3600 + " h " + rounded % 3600 / 60 + " min";
    }
}
