package org.grpo4j.training.quickstart;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.grpo4j.training.quickstart.QuickstartResult.Outcome;
import org.grpo4j.training.report.Report;
import org.grpo4j.training.report.ReportTable;
import org.grpo4j.training.report.SeriesGroup;

/** The page on which the two reinforcement runs are laid over each other. */
final class QuickstartReport {
    private QuickstartReport() {}

    static Report of(QuickstartConfig config, QuickstartResult result, List<Quickstart.Run> trained) {
        return new Report(
                "GRPO and GRPO-λ on three-number sums",
                lead(config, result),
                trained.stream().map(run -> SeriesGroup.of(run.series())).toList(),
                List.of(result.table(), seconds(result)),
                List.of(),
                trained.stream().map(Quickstart.Run::rollouts).toList());
    }

    private static String lead(QuickstartConfig config, QuickstartResult result) {
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "A tiny policy learns to add three numbers in worked steps. Imitation of demonstrations, of whose"
                        + " intermediate sums 30 %% are wrong, takes its accuracy on held-out problems to %.3f (sampled at"
                        + " temperature %s, answers verified).",
                result.start().heldOut().accuracy(),
                config.heldOut().temperature()));
        for (Outcome outcome : result.trained()) {
            text.append(String.format(
                    Locale.ROOT,
                    " From there %d steps of %s reach %.3f.",
                    config.grpo().training().steps(),
                    outcome.name(),
                    outcome.heldOut().accuracy()));
        }
        return text.append(" Seed ").append(config.seed()).append('.').toString();
    }

    private static ReportTable seconds(QuickstartResult result) {
        Stream<List<String>> phases = result.seconds().entrySet().stream()
                .map(phase -> List.of(phase.getKey(), String.format(Locale.ROOT, "%.1f", phase.getValue())));
        List<String> total = List.of("all", String.format(Locale.ROOT, "%.1f", result.totalSeconds()));
        return new ReportTable(
                "Time",
                List.of("phase", "seconds"),
                Stream.concat(phases, Stream.of(total)).toList());
    }
}
