package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * A run from the moment everything it needs has been found usable to its report. Only here something is written.
 *
 * @param task name of the command
 * @param config the run's configuration
 * @param folder where everything goes
 * @param done steps behind a resumed run
 * @param steps of the whole run
 * @param required metrics of every step
 * @param tokenizer of the policy, for the texts of single tokens; stays the caller's
 */
record TrainingRun(
        String task, Record config, RunFolder folder, int done, int steps, Set<Metric> required, Tokenizer tokenizer) {

    /** The trainer's loop. */
    @FunctionalInterface
    interface Loop {
        void run(TrainingListener listener) throws IOException;
    }

    /** Trains, writes the report and prints one line on what came of it. */
    void run(Loop loop, RunOptions options, PrintWriter out) throws IOException {
        folder.writeConfig();
        DiagnosisFile diagnoses = DiagnosisFile.resume(folder.diagnoses(), done);
        try (Dashboard dashboard = dashboard(options.dashboard(), diagnoses)) {
            LivePage.State state = LivePage.State.FAILED;
            try {
                logged(loop, options, diagnoses, dashboard);
                state = LivePage.State.ENDED;
            } finally {
                if (dashboard != null) {
                    dashboard.page().end(state);
                }
            }
        }
        List<StepMetrics> metrics = MetricsReader.read(folder.metrics());
        Path report = folder.path().resolve("report.html");
        RunReport.of(title(), folder.path(), Settings.of(config), metrics, diagnoses.diagnoses())
                .write(report);
        out.println(task + ": " + steps + " steps" + changes(metrics) + "; checkpoint " + folder.path() + ", report "
                + report);
        out.flush();
    }

    private void logged(Loop loop, RunOptions options, DiagnosisFile diagnoses, @Nullable Dashboard dashboard)
            throws IOException {
        Progress progress = options.progress(task, done, steps);
        try (RunLog log = new RunLog(
                MetricsWriter.resume(folder.metrics(), done, required),
                diagnoses,
                RolloutLog.resume(folder.path(), done, tokenizer, progress::note),
                progress,
                dashboard)) {
            if (dashboard != null) {
                log.onNote("dashboard  " + dashboard.url());
            }
            if (dashboard != null && dashboard.isOpen()) {
                log.onNote("warning: everybody who reaches this machine can read the dashboard, that is prompts,"
                        + " completions and settings, without a password");
            }
            loop.run(log);
        }
    }

    private @Nullable Dashboard dashboard(@Nullable DashboardAddress address, DiagnosisFile diagnoses)
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
