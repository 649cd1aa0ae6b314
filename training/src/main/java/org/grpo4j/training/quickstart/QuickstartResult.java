package org.grpo4j.training.quickstart;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.ReportTable;
import org.grpo4j.training.trainer.Evaluator;

/**
 * What a quickstart found.
 *
 * @param folder where everything lies
 * @param start the policy after the warm start
 * @param trained the same policy after each reinforcement run
 * @param seconds of each phase, in order
 * @param totalSeconds of all of it
 */
public record QuickstartResult(
        Path folder, Outcome start, List<Outcome> trained, Map<String, Double> seconds, double totalSeconds) {
    private static final int LAST_STEPS = 10;
    private static final String NONE = "–";

    /**
     * A policy at the end of its run.
     *
     * @param name of the run
     * @param heldOut its final evaluation
     * @param metrics steps of its run
     * @param seconds the run took, without the final evaluation
     */
    public record Outcome(String name, Evaluator.Result heldOut, List<StepMetrics> metrics, double seconds) {
        /** Mean reward of the last steps; empty for a supervised run. */
        public OptionalDouble finalReward() {
            return metrics.subList(Math.max(0, metrics.size() - LAST_STEPS), metrics.size()).stream()
                    .map(step -> step.value(Metric.REWARD_MEAN))
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .average();
        }
    }

    /** Points of held-out accuracy by which a trained policy is better than the start. */
    public double gain(Outcome outcome) {
        return 100 * (outcome.heldOut.accuracy() - start.heldOut.accuracy());
    }

    /** All outcomes, one a row. */
    public ReportTable table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(start, NONE));
        trained.forEach(outcome -> rows.add(row(outcome, format("%+.1f", gain(outcome)))));
        return new ReportTable(
                "Results",
                List.of(
                        "policy",
                        "held-out accuracy",
                        "95 % interval",
                        "change, points",
                        "mean reward, last " + LAST_STEPS + " steps",
                        "mean length, tokens",
                        "seconds"),
                rows);
    }

    private static List<String> row(Outcome outcome, String change) {
        Interval interval = Interval.of(outcome.heldOut);
        OptionalDouble reward = outcome.finalReward();
        return List.of(
                outcome.name,
                format("%.3f", outcome.heldOut.accuracy()),
                format("%.3f–%.3f", interval.low(), interval.high()),
                change,
                reward.isPresent() ? format("%.3f", reward.getAsDouble()) : NONE,
                format("%.1f", outcome.heldOut.lengthMean()),
                format("%.0f", outcome.seconds));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
