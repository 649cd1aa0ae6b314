package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.DiagnosisFile;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.Report;
import org.grpo4j.training.report.ReportTable;
import org.grpo4j.training.report.RunSeries;
import org.grpo4j.training.report.SampleCompletion;
import org.grpo4j.training.report.Settings;
import org.grpo4j.training.tensorboard.TensorBoardLog;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.TrainingListener;

/**
 * A run from the moment everything it needs has been found usable to its report. Only here something is written.
 *
 * @param task name of the command
 * @param config the run's configuration
 * @param folder where everything goes
 * @param done steps behind a resumed run
 * @param steps of the whole run
 * @param required metrics of every step
 * @param tensorboard whether to write event files
 */
record TrainingRun(
        String task, Record config, RunFolder folder, int done, int steps, Set<Metric> required, boolean tensorboard) {

    /** Metrics whose first and last value sum up a run. */
    private static final List<Metric> OUTCOME =
            List.of(Metric.REWARD_MEAN, Metric.HELDOUT_ACCURACY, Metric.LOSS, Metric.LENGTH_MEAN, Metric.ENTROPY);

    /** The trainer's loop. */
    @FunctionalInterface
    interface Loop {
        void run(TrainingListener listener) throws IOException;
    }

    /** Trains, writes the report and prints one line on what came of it. */
    void run(Loop loop, RunOptions options, PrintWriter out) throws IOException {
        folder.writeConfig();
        List<SampleCompletion> samples;
        DiagnosisFile diagnoses = DiagnosisFile.resume(folder.diagnoses(), done);
        try (TensorBoardLog events =
                        tensorboard ? TensorBoardLog.start(folder.path().resolve("tensorboard"), done, steps) : null;
                RunLog log = new RunLog(
                        name(),
                        MetricsWriter.resume(folder.metrics(), done, required),
                        diagnoses,
                        options.progress(task, done, steps),
                        events == null ? List.of() : List.of(events))) {
            loop.run(log);
            samples = log.samples();
        }
        List<StepMetrics> metrics = MetricsReader.read(folder.metrics());
        Path report = folder.path().resolve("report.html");
        report(metrics, diagnoses.diagnoses(), samples).write(report);
        out.println(task + ": " + steps + " steps" + changes(metrics) + "; checkpoint " + folder.path() + ", report "
                + report);
        out.flush();
    }

    private Report report(List<StepMetrics> metrics, List<Diagnosis> diagnoses, List<SampleCompletion> samples) {
        List<List<String>> rows = new ArrayList<>();
        for (Metric metric : OUTCOME) {
            double[] values = values(metrics, metric);
            if (values.length > 0) {
                rows.add(List.of(metric.meaning(), number(values[0]), number(values[values.length - 1])));
            }
        }
        List<ReportTable> tables = new ArrayList<>();
        tables.add(new ReportTable("Outcome", List.of("metric", "first step", "last step"), rows));
        if (!diagnoses.isEmpty()) {
            tables.add(diagnosisTable(diagnoses));
        }
        return new Report(
                "grpo4j " + task + ": " + name(),
                "A run of " + steps + " steps. The folder of this page holds its checkpoint, its configuration in"
                        + " config.yaml and the numbers of every step in metrics.jsonl.",
                List.of(new RunSeries(name(), Settings.of(config), metrics)),
                tables,
                samples);
    }

    private static ReportTable diagnosisTable(List<Diagnosis> diagnoses) {
        return new ReportTable(
                "What the run says about itself",
                List.of("first in step", "kind", "explanation"),
                diagnoses.stream()
                        .map(told -> List.of(
                                Integer.toString(told.step()),
                                told.symptom().severity().name().toLowerCase(Locale.ROOT),
                                told.text()))
                        .toList());
    }

    private String name() {
        return folder.path().toAbsolutePath().normalize().getFileName().toString();
    }

    /** The metric a user looks at first: reward if there is one, else the loss; and held-out accuracy. */
    private static String changes(List<StepMetrics> metrics) {
        String main = change("reward", values(metrics, Metric.REWARD_MEAN));
        main = main.isEmpty() ? change("loss", values(metrics, Metric.LOSS)) : main;
        return main + change("held-out accuracy", values(metrics, Metric.HELDOUT_ACCURACY));
    }

    private static String change(String name, double[] values) {
        return values.length == 0
                ? ""
                : ", " + name + " " + number(values[0])
                        + (values.length == 1 ? "" : " → " + number(values[values.length - 1]));
    }

    private static double[] values(List<StepMetrics> metrics, Metric metric) {
        return metrics.stream()
                .flatMapToDouble(step -> step.value(metric).stream())
                .toArray();
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }
}
