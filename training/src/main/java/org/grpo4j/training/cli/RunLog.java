package org.grpo4j.training.cli;

import java.io.IOException;
import java.util.List;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.DiagnosisFile;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutLog;
import org.grpo4j.training.trainer.ScoredRollout;
import org.grpo4j.training.trainer.TrainingListener;

/** Keeps what a run tells: metrics, diagnoses and completions in their files, progress on the screen and on its page. */
final class RunLog implements TrainingListener, AutoCloseable {

    private final MetricsWriter metrics;
    private final DiagnosisFile diagnoses;
    private final RolloutLog rollouts;
    private final Progress progress;
    private final List<? extends TrainingListener> others;

    /**
     * A log, with which metrics, completions and progress are closed.
     *
     * @param others who hear of all that this log hears, after it
     */
    RunLog(
            MetricsWriter metrics,
            DiagnosisFile diagnoses,
            RolloutLog rollouts,
            Progress progress,
            List<? extends TrainingListener> others) {
        this.metrics = metrics;
        this.diagnoses = diagnoses;
        this.rollouts = rollouts;
        this.progress = progress;
        this.others = others;
    }

    @Override
    public void onStep(StepMetrics step) {
        metrics.write(step);
        progress.step(step);
        others.forEach(other -> other.onStep(step));
    }

    @Override
    public void onRollouts(int step, List<ScoredRollout> scored) {
        rollouts.add(step, scored);
        others.forEach(other -> other.onRollouts(step, scored));
    }

    @Override
    public PhaseProgress phases() {
        return progress.phases();
    }

    @Override
    public void onNote(String line) {
        progress.note(line);
    }

    @Override
    public void onDiagnosis(Diagnosis diagnosis) {
        if (diagnoses.add(diagnosis)) {
            progress.note(diagnosis.line());
            others.forEach(other -> other.onDiagnosis(diagnosis));
        }
    }

    @Override
    public void close() throws IOException {
        rollouts.close();
        progress.close();
        metrics.close();
    }
}
