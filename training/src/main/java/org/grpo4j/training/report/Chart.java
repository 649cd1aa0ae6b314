package org.grpo4j.training.report;

import java.util.List;
import org.grpo4j.training.metrics.Metric;
import org.jspecify.annotations.Nullable;

/**
 * A chart of one metric over the steps, one curve a run.
 *
 * @param section of the page it belongs to
 * @param title above the chart
 * @param metric what is drawn
 * @param low lower end of a range around it in every step, or null
 * @param high upper end of that range, or null
 * @param zero whether the axis starts at 0
 * @param logarithmic whether the axis is logarithmic
 */
record Chart(
        String section,
        String title,
        Metric metric,
        @Nullable Metric low,
        @Nullable Metric high,
        boolean zero,
        boolean logarithmic) {

    private static final String LEARNING = "Does it learn?";
    private static final String STABILITY = "Is it stable?";
    private static final String COMPLETIONS = "What does it write, and how fast?";

    /** In the order a reader asks for them. */
    static final List<Chart> ALL = List.of(
            new Chart(LEARNING, "Mean reward", Metric.REWARD_MEAN, null, null, false, false),
            new Chart(LEARNING, "Held-out accuracy", Metric.HELDOUT_ACCURACY, null, null, false, false),
            new Chart(LEARNING, "Spread of rewards (std)", Metric.REWARD_STD, null, null, true, false),
            new Chart(LEARNING, "Groups without spread", Metric.ZERO_SPREAD_FRACTION, null, null, true, false),
            new Chart(LEARNING, "Loss", Metric.LOSS, null, null, false, false),
            new Chart(STABILITY, "Entropy, nats a token", Metric.ENTROPY, null, null, true, false),
            new Chart(STABILITY, "KL from reference, nats", Metric.KL, null, null, true, false),
            new Chart(STABILITY, "Tokens clipped from above", Metric.CLIP_FRACTION_HIGH, null, null, true, false),
            new Chart(STABILITY, "Tokens clipped from below", Metric.CLIP_FRACTION_LOW, null, null, true, false),
            new Chart(STABILITY, "Traced log-ratio, mean |z|", Metric.Z_ABS_MEAN, null, null, true, false),
            new Chart(STABILITY, "Gradient norm", Metric.GRADIENT_NORM, null, null, true, false),
            new Chart(STABILITY, "Largest gap to the sampler", Metric.LOG_PROB_GAP, null, null, false, true),
            new Chart(
                    COMPLETIONS,
                    "Length, tokens",
                    Metric.LENGTH_MEAN,
                    Metric.LENGTH_MIN,
                    Metric.LENGTH_MAX,
                    true,
                    false),
            new Chart(COMPLETIONS, "Cut at the length limit", Metric.TRUNCATED_FRACTION, null, null, true, false),
            new Chart(COMPLETIONS, "Rewards that failed", Metric.REWARD_FAILURES, null, null, true, false),
            new Chart(COMPLETIONS, "Tokens a second", Metric.TOKENS_PER_SECOND, null, null, true, false),
            new Chart(COMPLETIONS, "Learning rate", Metric.LEARNING_RATE, null, null, true, false));
}
