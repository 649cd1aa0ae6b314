package org.grpo4j.training.report;

import java.util.List;
import org.grpo4j.training.metrics.Metric;

/**
 * A chart of one metric over the steps, one curve a run.
 *
 * @param title above the chart
 * @param metric what is drawn
 * @param zero whether the axis starts at 0
 * @param logarithmic whether the axis is logarithmic
 */
record Chart(String title, Metric metric, boolean zero, boolean logarithmic) {

    /** In the order a reader asks for them: does it learn, is it stable, what does it cost. */
    static final List<Chart> ALL = List.of(
            new Chart("Mean reward", Metric.REWARD_MEAN, false, false),
            new Chart("Held-out accuracy", Metric.HELDOUT_ACCURACY, false, false),
            new Chart("Entropy, nats a token", Metric.ENTROPY, true, false),
            new Chart("Tokens clipped from above, fraction", Metric.CLIP_FRACTION_HIGH, true, false),
            new Chart("Tokens clipped from below, fraction", Metric.CLIP_FRACTION_LOW, true, false),
            new Chart("Mean |z| of the traced log-ratio", Metric.Z_ABS_MEAN, true, false),
            new Chart("Completion length, tokens", Metric.LENGTH_MEAN, false, false),
            new Chart("Truncated completions, fraction", Metric.TRUNCATED_FRACTION, true, false),
            new Chart("Groups without reward spread, fraction", Metric.ZERO_SPREAD_FRACTION, true, false),
            new Chart("KL from the reference, nats a token", Metric.KL, true, false),
            new Chart("Gradient norm before clipping", Metric.GRADIENT_NORM, true, false),
            new Chart("Loss", Metric.LOSS, false, false),
            new Chart("Largest log-prob gap, sampler to trainer", Metric.LOG_PROB_GAP, false, true),
            new Chart("Tokens a second", Metric.TOKENS_PER_SECOND, true, false));
}
