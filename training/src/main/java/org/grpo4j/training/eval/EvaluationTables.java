package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.grpo4j.training.report.ReportTable;

/** Results as tables, accuracies in per cent. */
final class EvaluationTables {

    private static final String NONE = "–";

    private EvaluationTables() {}

    static ReportTable suites(EvaluationResult result) {
        int samples = result.suites().stream()
                .mapToInt(SuiteStatistics::samples)
                .max()
                .orElse(1);
        List<String> columns = new ArrayList<>(List.of("suite", "problems", "pass@1", "95 %"));
        if (samples > 1) {
            columns.addAll(List.of("pass@" + samples, "maj@" + samples));
        }
        columns.addAll(
                List.of("finished only", "truncated", "tokens", "no answer", "unformatted", "too long", "bad golds"));
        List<List<String>> rows = new ArrayList<>();
        result.suites().forEach(suite -> rows.add(row(suite, samples)));
        if (rows.size() > 1) {
            List<String> mean =
                    new ArrayList<>(List.of("mean", NONE, percent(result.mean().value()), interval(result.mean())));
            while (mean.size() < columns.size()) {
                mean.add(NONE);
            }
            rows.add(mean);
        }
        return new ReportTable("Results, per cent", columns, rows);
    }

    private static List<String> row(SuiteStatistics suite, int samples) {
        CompletionStatistics completions = suite.completions();
        List<String> row = new ArrayList<>(List.of(
                suite.suite(),
                Integer.toString(suite.problems()),
                percent(suite.accuracy().value()),
                interval(suite.accuracy())));
        if (samples > 1) {
            row.add(percent(last(suite.passAtK())));
            row.add(percent(last(suite.majorityAtK())));
        }
        row.addAll(List.of(
                percent(completions.finishedAccuracy()),
                percent(completions.truncated()),
                number(completions.lengthMean()),
                percent(completions.withoutAnswer()),
                percent(completions.formatFailures()),
                Integer.toString(suite.promptsTooLong()),
                Integer.toString(suite.goldsNotParsed())));
        return row;
    }

    private static double last(SortedMap<Integer, Estimate> byK) {
        Estimate estimate = byK.get(byK.lastKey());
        return estimate == null ? Double.NaN : estimate.value();
    }

    /** pass@k and maj@k for all k, with the intervals over problems; and pass@1 with that over seeds. */
    static ReportTable byK(EvaluationResult result) {
        List<List<String>> rows = new ArrayList<>();
        for (SuiteStatistics suite : result.suites()) {
            rows.add(List.of(
                    suite.suite(),
                    "1, over seeds",
                    percent(suite.accuracyOverSeeds().value()),
                    interval(suite.accuracyOverSeeds()),
                    NONE,
                    NONE));
            suite.passAtK().forEach((k, pass) -> {
                Estimate majority = suite.majorityAtK().getOrDefault(k, Estimate.NONE);
                rows.add(List.of(
                        suite.suite(),
                        Integer.toString(k),
                        percent(pass.value()),
                        interval(pass),
                        percent(majority.value()),
                        interval(majority)));
            });
        }
        return new ReportTable("By number of samples", List.of("suite", "k", "pass@k", "95 %", "maj@k", "95 % "), rows);
    }

    /** Accuracy by subject and level. */
    static ReportTable groups(EvaluationResult result) {
        List<List<String>> rows = new ArrayList<>();
        for (SuiteStatistics suite : result.suites()) {
            for (GroupAccuracy group : suite.groups()) {
                rows.add(List.of(
                        suite.suite(),
                        group.group() + " " + group.value(),
                        Integer.toString(group.problems()),
                        percent(group.accuracy().value()),
                        interval(group.accuracy())));
            }
        }
        return new ReportTable("By subject and level", List.of("suite", "group", "problems", "pass@1", "95 %"), rows);
    }

    /** How often each reason was given. */
    static ReportTable reasons(EvaluationResult result) {
        TreeMap<String, Long> all = new TreeMap<>();
        result.suites()
                .forEach(
                        suite -> suite.completions().reasons().forEach((reason, n) -> all.merge(reason, n, Long::sum)));
        List<String> columns = new ArrayList<>(List.of("reason"));
        result.suites().forEach(suite -> columns.add(suite.suite()));
        List<List<String>> rows = all.keySet().stream()
                .map(reason -> {
                    List<String> row = new ArrayList<>(List.of(reason));
                    result.suites()
                            .forEach(suite -> row.add(
                                    Long.toString(suite.completions().reasons().getOrDefault(reason, 0L))));
                    return row;
                })
                .collect(Collectors.toCollection(ArrayList::new));
        return new ReportTable("Verdicts, completions", columns, rows);
    }

    static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f", 100 * share + 0.0) : NONE;
    }

    static String interval(Estimate estimate) {
        return Double.isFinite(estimate.low()) ? percent(estimate.low()) + " to " + percent(estimate.high()) : NONE;
    }

    private static String number(double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, "%.1f", value) : NONE;
    }
}
