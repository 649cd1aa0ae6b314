package org.grpo4j.training.cli;

import java.io.IOException;
import java.util.List;
import org.grpo4j.training.dashboard.Dashboard;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.DiagnosisFile;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutLog;
import org.grpo4j.training.trainer.ScoredRollout;
import org.grpo4j.training.trainer.TrainingListener;
import org.jspecify.annotations.Nullable;

/** Keeps what a run tells: metrics, diagnoses and completions in their files, progress on the screen and on its page. */
final class RunLog implements TrainingListener, AutoCloseable {

    private final MetricsWriter metrics;
    private final DiagnosisFile diagnoses;
    private final RolloutLog rollouts;
    private final Progress progress;
    private final @Nullable Dashboard dashboard;

    /** Metrics, completions and progress are closed with this log; the page, if there is one, stays the caller's. */
    RunLog(
            MetricsWriter metrics,
            DiagnosisFile diagnoses,
            RolloutLog rollouts,
            Progress progress,
            @Nullable Dashboard dashboard) {
        this.metrics = metrics;
        this.diagnoses = diagnoses;
        this.rollouts = rollouts;
        this.progress = progress;
        this.dashboard = dashboard;
    }

    @Override
    public void onStep(StepMetrics step) {
        metrics.write(step);
        progress.step(step);
        if (dashboard != null) {
            dashboard.page().add(step);
        }
    }

    @Override
    public void onRollouts(int step, List<ScoredRollout> scored) {
        rollouts.add(step, scored);
    }

    @Override
    public void onNote(String line) {
        progress.note(line);
    }

    @Override
    public void onDiagnosis(Diagnosis diagnosis) {
        if (diagnoses.add(diagnosis)) {
            progress.note(diagnosis.line());
            if (dashboard != null) {
                dashboard.page().add(diagnosis);
            }
        }
    }

    @Override
    public void close() throws IOException {
        rollouts.close();
        progress.close();
        metrics.close();
    }
}
