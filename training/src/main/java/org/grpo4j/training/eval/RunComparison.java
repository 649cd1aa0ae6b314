package org.grpo4j.training.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.report.ReportTable;
import org.jspecify.annotations.Nullable;

/**
 * Two evaluations compared on the problems they share: B minus A, problem by problem.
 *
 * @param suites differences of each suite both evaluated
 * @param mean difference averaged over the suites, each with the same weight
 * @param settingsThatDiffer names of them, the model's apart
 */
public record RunComparison(List<SuiteDifference> suites, Estimate mean, List<String> settingsThatDiffer) {

    /**
     * The difference on one suite.
     *
     * @param suite its name
     * @param problems shared
     * @param a accuracy of the first run on them
     * @param b accuracy of the second run on them
     * @param difference b − a with its interval over problems
     * @param better problems on which the second run has a higher share of right samples
     * @param worse problems on which it has a lower one
     */
    public record SuiteDifference(
            String suite, int problems, double a, double b, Estimate difference, int better, int worse) {}

    /**
     * Reads and compares two folders of results.
     *
     * @throws InputException if one holds no evaluation, they share no problem, or a suite of the same name holds other
     *     problems
     */
    public static RunComparison of(Path first, Path second, Bootstrap bootstrap) throws IOException {
        EvaluationSettings settingsA = EvaluationSettings.read(first);
        EvaluationSettings settingsB = EvaluationSettings.read(second);
        Map<String, Map<String, double[]>> a = scores(first);
        Map<String, Map<String, double[]>> b = scores(second);
        List<SuiteDifference> suites = new ArrayList<>();
        List<double[]> differences = new ArrayList<>();
        for (Map.Entry<String, Map<String, double[]>> entry : a.entrySet()) {
            String suite = entry.getKey();
            Map<String, double[]> others = b.get(suite);
            if (others == null) {
                continue;
            }
            if (!settingsA.hashOf(suite).equals(settingsB.hashOf(suite))) {
                throw new InputException("the suite " + suite + " has other problems in " + first + " than in " + second
                        + ", so the two cannot be compared");
            }
            Pairs pairs = Pairs.of(entry.getValue(), others);
            if (pairs.count() > 0) {
                differences.add(pairs.differences());
                suites.add(pairs.on(suite, bootstrap));
            }
        }
        if (suites.isEmpty()) {
            throw new InputException(
                    first + " and " + second + " share no problem of any suite: " + a.keySet() + " and " + b.keySet());
        }
        List<String> different = new ArrayList<>(settingsA.differences(settingsB));
        different.removeIf(name -> name.startsWith("model") || name.startsWith("suites."));
        return new RunComparison(suites, bootstrap.differences(differences), different);
    }

    /** For each suite and problem, the number of right samples and of all. */
    private static Map<String, Map<String, double[]>> scores(Path folder) throws IOException {
        Path file = folder.resolve(SampleLog.FILE);
        if (!Files.exists(file)) {
            throw new InputException(
                    folder + " holds no " + SampleLog.FILE + "; give the --output folder of grpo4j eval");
        }
        Map<String, Map<String, double[]>> scores = new LinkedHashMap<>();
        try (SampleLog.Reader reader = new SampleLog.Reader(file)) {
            for (SampleRecord sample = reader.next(); sample != null; sample = reader.next()) {
                double[] counts = scores.computeIfAbsent(sample.suite(), name -> new LinkedHashMap<>())
                        .computeIfAbsent(sample.problem(), id -> new double[2]);
                counts[0] += sample.correct() ? 1 : 0;
                counts[1]++;
            }
        }
        return scores;
    }

    /** Accuracies of both runs on the problems they share. */
    private record Pairs(double[] a, double[] b) {

        static Pairs of(Map<String, double[]> first, Map<String, double[]> second) {
            List<String> shared =
                    first.keySet().stream().filter(second::containsKey).toList();
            return new Pairs(accuracies(shared, first), accuracies(shared, second));
        }

        private static double[] accuracies(List<String> problems, Map<String, double[]> counts) {
            return problems.stream()
                    .map(counts::get)
                    .mapToDouble(count -> count[0] / count[1])
                    .toArray();
        }

        int count() {
            return a.length;
        }

        double[] differences() {
            double[] differences = new double[a.length];
            for (int i = 0; i < a.length; i++) {
                differences[i] = b[i] - a[i];
            }
            return differences;
        }

        SuiteDifference on(String suite, Bootstrap bootstrap) {
            int better = 0;
            int worse = 0;
            for (double difference : differences()) {
                better += difference > 0 ? 1 : 0;
                worse += difference < 0 ? 1 : 0;
            }
            return new SuiteDifference(
                    suite,
                    count(),
                    bootstrap.mean(a).value(),
                    bootstrap.mean(b).value(),
                    bootstrap.differences(List.of(differences())),
                    better,
                    worse);
        }
    }

    /** As a JSON object. */
    public Map<String, @Nullable Object> toMap() {
        List<Map<String, @Nullable Object>> rows = new ArrayList<>();
        for (SuiteDifference suite : suites) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            row.put("suite", suite.suite());
            row.put("problems", suite.problems());
            row.put("a", suite.a());
            row.put("b", suite.b());
            row.put("difference", suite.difference().toMap());
            row.put("better", suite.better());
            row.put("worse", suite.worse());
            rows.add(row);
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("suites", rows);
        map.put("mean_difference", mean.toMap());
        map.put("settings_that_differ", settingsThatDiffer);
        return map;
    }

    /** One row a suite, accuracies in per cent and differences in points. */
    public ReportTable table() {
        List<List<String>> rows = new ArrayList<>();
        for (SuiteDifference suite : suites) {
            rows.add(List.of(
                    suite.suite(),
                    Integer.toString(suite.problems()),
                    EvaluationTables.percent(suite.a()),
                    EvaluationTables.percent(suite.b()),
                    EvaluationTables.percent(suite.difference().value()),
                    EvaluationTables.interval(suite.difference()),
                    Integer.toString(suite.better()),
                    Integer.toString(suite.worse())));
        }
        if (rows.size() > 1) {
            rows.add(List.of(
                    "mean",
                    "–",
                    EvaluationTables.percent(average(SuiteDifference::a)),
                    EvaluationTables.percent(average(SuiteDifference::b)),
                    EvaluationTables.percent(mean.value()),
                    EvaluationTables.interval(mean),
                    "–",
                    "–"));
        }
        return new ReportTable(
                "B − A on shared problems",
                List.of("suite", "shared", "A", "B", "B − A", "95 %", "better", "worse"),
                rows);
    }

    private double average(ToDoubleFunction<SuiteDifference> value) {
        return suites.stream().mapToDouble(value).average().orElse(Double.NaN);
    }
}
