package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.dashboard.Dashboard;
import org.grpo4j.training.dashboard.DashboardAddress;
import org.grpo4j.training.diagnosis.DiagnosisFile;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.LivePage;
import org.grpo4j.training.report.RunReport;
import org.grpo4j.training.report.Settings;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.grpo4j.training.rollouts.RolloutLog;
import org.grpo4j.training.tensorboard.TensorBoardLog;
import org.grpo4j.training.trainer.HeldOutScore;
import org.grpo4j.training.trainer.ResumePoint;
import org.grpo4j.training.trainer.RunEnd;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.StopRequest;
import org.grpo4j.training.trainer.Trainer;
import org.grpo4j.training.trainer.TrainingListener;
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
 * @param tokenizer of the policy, for the texts of single tokens; stays the caller's
 */
record TrainingRun(
        String task,
        Record config,
        RunFolder folder,
        int steps,
        Set<Metric> required,
        boolean tensorboard,
        Tokenizer tokenizer) {

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
            if (point != null) {
                OtherSettings.lines(point.folder(), config).forEach(err::println);
            }
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
        DiagnosisFile diagnoses = DiagnosisFile.resume(folder.diagnoses(), done);
        RunEnd end;
        try (Dashboard dashboard = dashboard(options.dashboard(), done, diagnoses)) {
            if (dashboard != null) {
                tell(dashboard, err);
            }
            LivePage.State state = LivePage.State.FAILED;
            try {
                end = logged(trainer, stop, options, diagnoses, dashboard);
                state = LivePage.State.ENDED;
            } finally {
                if (dashboard != null) {
                    dashboard.page().end(state);
                }
            }
        }
        List<StepMetrics> metrics = MetricsReader.read(folder.metrics());
        String report = report(metrics, diagnoses, err);
        out.println(task + ": "
                + (end.finished() ? steps + " steps" : "stopped after " + end.step() + " of " + steps + " steps")
                + changes(metrics) + "; checkpoint " + end.checkpoint() + best(end) + report);
        if (!end.finished()) {
            out.println("go on with: " + resumeCommand(end));
        }
        out.flush();
    }

    /** The training is done and saved, so a page that cannot be written must not make it a failure. */
    private String report(List<StepMetrics> metrics, DiagnosisFile diagnoses, PrintWriter err) {
        Path report = folder.path().resolve("report.html");
        try {
            RunReport.of(title(), folder.path(), Settings.of(config), metrics, diagnoses.diagnoses())
                    .write(report);
            return ", report " + report;
        } catch (IOException | UncheckedIOException e) {
            err.println(
                    "grpo4j: the report could not be written (" + Failure.of(e).sentence()
                            + "); write it elsewhere with ./grpo4j report " + quoted(folder.path()) + " --output FILE");
            return "";
        }
    }

    /** A quiet run tells it, too: nobody could open the page, or know that all can. */
    private static void tell(Dashboard dashboard, PrintWriter err) {
        err.println("dashboard  " + dashboard.url());
        if (dashboard.isOpen()) {
            err.println("warning: everybody who reaches this machine can read the dashboard, that is prompts,"
                    + " completions and settings, without a password");
        }
        err.flush();
    }

    private RunEnd logged(
            Trainer trainer,
            StopRequest stop,
            RunOptions options,
            DiagnosisFile diagnoses,
            @Nullable Dashboard dashboard)
            throws IOException {
        int done = trainer.stepsDone();
        Progress progress = options.progress(task, done, steps);
        List<TrainingListener> others = new ArrayList<>();
        if (dashboard != null) {
            others.add(new PageListener(dashboard.page()));
        }
        try (TensorBoardLog events =
                        tensorboard ? TensorBoardLog.start(folder.path().resolve("tensorboard"), done, steps) : null;
                RunLog log = new RunLog(
                        MetricsWriter.resume(folder.metrics(), done, required),
                        diagnoses,
                        RolloutLog.resume(folder.path(), done, tokenizer, progress::note),
                        progress,
                        others)) {
            if (events != null) {
                others.add(events);
            }
            return trainer.run(log, stop);
        }
    }

    private @Nullable Dashboard dashboard(@Nullable DashboardAddress address, int done, DiagnosisFile diagnoses)
            throws IOException {
        if (address == null) {
            return null;
        }
        List<StepMetrics> before = Files.exists(folder.metrics()) ? MetricsReader.read(folder.metrics()) : List.of();
        RolloutFiles kept = RolloutFiles.of(folder.path());
        LivePage page = new LivePage(
                title(),
                RunReport.name(folder.path()),
                Settings.of(config),
                steps,
                before.stream().filter(step -> step.step() <= done).toList(),
                diagnoses.diagnoses(),
                kept);
        return Dashboard.start(address, page, kept);
    }

    private String title() {
        return "grpo4j " + task + ": " + RunReport.name(folder.path());
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
