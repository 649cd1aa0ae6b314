package org.grpo4j.training.eval;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.metrics.TextFile;
import org.grpo4j.training.report.ReportTable;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation came to.
 *
 * @param settings what was evaluated and how
 * @param suites statistics of each suite
 * @param mean accuracy averaged over the suites, each with the same weight
 * @param examples completions to look at
 */
public record EvaluationResult(
        EvaluationSettings settings, List<SuiteStatistics> suites, Estimate mean, List<ExampleCompletion> examples) {

    /** Name of the file with the results. */
    public static final String FILE = "summary.json";

    static EvaluationResult of(
            EvaluationSettings settings,
            List<SuiteStatistics> suites,
            List<ExampleCompletion> examples,
            Bootstrap bootstrap) {
        Estimate mean = bootstrap.meanOfMeans(
                suites.stream().map(SuiteStatistics::scores).toList());
        return new EvaluationResult(settings, List.copyOf(suites), mean, List.copyOf(examples));
    }

    /** As a JSON object. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("settings", settings.json());
        map.put("confidence", Bootstrap.DEFAULT.confidence());
        map.put("mean_accuracy", mean.toMap());
        map.put("suites", suites.stream().map(SuiteStatistics::toMap).toList());
        return map;
    }

    void write(Path folder) throws IOException {
        String text =
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(toMap());
        TextFile.write(folder.resolve(FILE), out -> out.write(text + "\n"));
    }

    /** One row a suite, accuracies in per cent. */
    public ReportTable table() {
        return EvaluationTables.suites(this);
    }

    /** The page with all tables and some completions. */
    public void writeReport(Path file) throws IOException {
        EvaluationReport.of(this).write(file);
    }
}
