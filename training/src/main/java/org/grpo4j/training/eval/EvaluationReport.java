package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.grpo4j.training.report.Report;
import org.grpo4j.training.report.ReportTable;
import org.jspecify.annotations.Nullable;

/** The page of an evaluation. */
final class EvaluationReport {

    private static final String NONE = "–";

    private EvaluationReport() {}

    static Report of(EvaluationResult result) {
        List<ReportTable> tables = Stream.of(
                        EvaluationTables.suites(result),
                        EvaluationTables.byK(result),
                        EvaluationTables.groups(result),
                        EvaluationTables.reasons(result),
                        settings(result),
                        examples(result))
                .filter(table -> !table.rows().isEmpty())
                .toList();
        return Report.ofTables("Evaluation", lead(result), tables);
    }

    private static String lead(EvaluationResult result) {
        long completions = result.suites().stream()
                .mapToLong(suite -> (long) suite.problems() * suite.samples())
                .sum();
        return String.format(
                Locale.ROOT,
                "%s on %d suites, %d completions. Mean pass@1 over the suites %s %%, 95 %% interval %s. Problems whose"
                        + " prompt is too long for the model count as wrong.",
                result.settings().model(),
                result.suites().size(),
                completions,
                EvaluationTables.percent(result.mean().value()),
                EvaluationTables.interval(result.mean()));
    }

    private static ReportTable settings(EvaluationResult result) {
        List<List<String>> rows = new ArrayList<>();
        result.settings().json().properties().forEach(entry -> {
            if (entry.getValue().isValueNode()) {
                rows.add(List.of(
                        entry.getKey(),
                        entry.getValue().isNull() ? NONE : entry.getValue().asText()));
            }
        });
        return new ReportTable("Settings", List.of("setting", "value"), rows);
    }

    private static ReportTable examples(EvaluationResult result) {
        List<List<String>> rows = result.examples().stream()
                .map(example -> List.of(
                        example.sample().suite() + " " + example.sample().problem(),
                        example.problem(),
                        example.sample().completion(),
                        orNone(example.sample().answer()),
                        String.join(" | ", example.gold()),
                        example.sample().reason()))
                .toList();
        return new ReportTable(
                "Completions", List.of("problem", "text", "completion", "answer", "gold", "verdict"), rows);
    }

    private static String orNone(@Nullable String text) {
        return text == null ? NONE : text;
    }
}
