package org.grpo4j.training.metrics;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The few metrics a person wants to see while waiting. */
final class Summary {

    private static final Map<Metric, String> SHOWN = new LinkedHashMap<>();

    static {
        SHOWN.put(Metric.REWARD_MEAN, "reward");
        SHOWN.put(Metric.HELDOUT_ACCURACY, "held-out");
        SHOWN.put(Metric.LOSS, "loss");
        SHOWN.put(Metric.KL, "kl");
        SHOWN.put(Metric.ENTROPY, "entropy");
        SHOWN.put(Metric.LENGTH_MEAN, "length");
    }

    private final Map<Metric, Double> latest = new LinkedHashMap<>();

    /** Takes up what a step measured. What it did not, such as held-out accuracy, stays as it was. */
    void add(StepMetrics metrics) {
        SHOWN.keySet().forEach(metric -> metrics.value(metric).ifPresent(value -> latest.put(metric, value)));
    }

    /** As many of the latest metrics as fit, on one line. */
    String line(int columns) {
        StringBuilder line = new StringBuilder();
        for (Map.Entry<Metric, String> shown : SHOWN.entrySet()) {
            Double value = latest.get(shown.getKey());
            if (value != null) {
                String part = (line.isEmpty() ? "" : "  ") + shown.getValue() + " " + number(value);
                if (line.length() + part.length() > columns) {
                    break;
                }
                line.append(part);
            }
        }
        return line.toString();
    }

    static String of(StepMetrics metrics) {
        Summary summary = new Summary();
        summary.add(metrics);
        return summary.line(Integer.MAX_VALUE);
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
