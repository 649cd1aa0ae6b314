package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
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
import org.grpo4j.training.trainer.HeldOutScore;
import org.grpo4j.training.trainer.ResumePoint;
import org.grpo4j.training.trainer.RunEnd;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.StopRequest;
import org.grpo4j.training.trainer.Trainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * A run from the moment everything it needs has been found usable to its report. Only here something is written.
 *
 * @param task name of the command
 * @param config the run's configuration
 * @param folder where everything goes
 * @param steps of the whole run
 * @param required metrics of every step
 * @param tensorboard whether to write event files
 */
record TrainingRun(String task, Record config, RunFolder folder, int steps, Set<Metric> required, boolean tensorboard) {

    /** Metrics whose first and last value sum up a run. */
    private static final List<Metric> OUTCOME =
            List.of(Metric.REWARD_MEAN, Metric.HELDOUT_ACCURACY, Metric.LOSS, Metric.LENGTH_MEAN, Metric.ENTROPY);

    /**
     * Trains, writes the report and prints one line on what came of it.
     *
     * @param point to go on from, or null
     * @param settings what to say about the run before it begins
     */
    void run(
            Trainer trainer,
            @Nullable ResumePoint point,
            Supplier<List<String>> settings,
            RunOptions options,
            CommandLine line)
            throws IOException {
        if (point != null) {
            trainer.resume(point.folder());
            RunSetup.requireStepsLeft(point, folder.path(), steps);
        }
        PrintWriter err = line.getErr();
        if (!options.quiet()) {
            settings.get().forEach(err::println);
            err.flush();
        }
        StopRequest stop = new StopRequest();
        try (RunLock lock = RunLock.take(folder.path());
                StopSignals signals = new StopSignals(stop, err)) {
            train(trainer, stop, options, line.getOut(), err);
        }
    }

    private void train(Trainer trainer, StopRequest stop, RunOptions options, PrintWriter out, PrintWriter err)
            throws IOException {
        int done = trainer.stepsDone();
        folder.open(done).forEach(err::println);
        err.flush();
        List<SampleCompletion> samples;
        RunEnd end;
        DiagnosisFile diagnoses = DiagnosisFile.resume(folder.diagnoses(), done);
        try (TensorBoardLog events =
                        tensorboard ? TensorBoardLog.start(folder.path().resolve("tensorboard"), done, steps) : null;
                RunLog log = new RunLog(
                        name(),
                        MetricsWriter.resume(folder.metrics(), done, required),
                        diagnoses,
                        options.progress(task, done, steps),
                        events == null ? List.of() : List.of(events))) {
            end = trainer.run(log, stop);
            samples = log.samples();
        }
        List<StepMetrics> metrics = MetricsReader.read(folder.metrics());
        Path report = folder.path().resolve("report.html");
        report(metrics, diagnoses.diagnoses(), samples).write(report);
        out.println(task + ": "
                + (end.finished() ? steps + " steps" : "stopped after " + end.step() + " of " + steps + " steps")
                + changes(metrics) + "; checkpoint " + end.checkpoint() + best(end) + ", report "
                + report);
        if (!end.finished()) {
            out.println("go on with: " + resumeCommand(end));
        }
        out.flush();
    }

    private static String best(RunEnd end) {
        HeldOutScore best = end.best();
        if (best == null) {
            return "";
        }
        String where = best.step() == end.step()
                ? "this one"
                : end.bestCheckpoint() == null
                        ? "step " + best.step() + ", not kept"
                        : end.bestCheckpoint().toString();
        return " (best: " + where + ", held-out accuracy " + number(best.accuracy()) + ")";
    }

    /** From the run's own folder, where the newest checkpoint is this one; the overrides are in its configuration. */
    private String resumeCommand(RunEnd end) {
        boolean own = end.checkpoint().startsWith(folder.path());
        return "./grpo4j " + task + " --config " + quoted(folder.config()) + " --resume "
                + quoted(own ? folder.path() : end.checkpoint());
    }

    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./+@:=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
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
