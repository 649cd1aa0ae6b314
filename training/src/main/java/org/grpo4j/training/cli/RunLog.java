package org.grpo4j.training.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.DiagnosisFile;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.SampleCompletion;
import org.grpo4j.training.trainer.ScoredRollout;
import org.grpo4j.training.trainer.TrainingListener;

/** Keeps what a run tells: metrics and diagnoses in their files, progress on the screen, a few completions for the report. */
final class RunLog implements TrainingListener, AutoCloseable {

    /** Completions kept of the first and of the latest step: enough to see what has changed. */
    private static final int SAMPLES = 4;

    private final String run;
    private final MetricsWriter metrics;
    private final DiagnosisFile diagnoses;
    private final Progress progress;
    private final List<? extends TrainingListener> others;
    private List<SampleCompletion> first = List.of();
    private List<SampleCompletion> latest = List.of();

    /**
     * A log, with which metrics and progress are closed.
     *
     * @param others who hear of all that this log hears, after it
     */
    RunLog(
            String run,
            MetricsWriter metrics,
            DiagnosisFile diagnoses,
            Progress progress,
            List<? extends TrainingListener> others) {
        this.run = run;
        this.metrics = metrics;
        this.diagnoses = diagnoses;
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
    public void onRollouts(int step, List<ScoredRollout> rollouts) {
        latest = rollouts.stream()
                .limit(SAMPLES)
                .map(rollout -> new SampleCompletion(
                        run,
                        step,
                        rollout.problem().problem(),
                        rollout.text(),
                        rollout.score().total().orElse(Double.NaN),
                        rollout.score().isUsable() ? rollout.advantage() : Double.NaN))
                .toList();
        if (first.isEmpty()) {
            first = latest;
        }
        others.forEach(other -> other.onRollouts(step, rollouts));
    }

    @Override
    public PhaseProgress phases() {
        return progress.phases();
    }

    @Override
    public void onNote(String line) {
        progress.note(line);
        others.forEach(other -> other.onNote(line));
    }

    @Override
    public void onDiagnosis(Diagnosis diagnosis) {
        if (diagnoses.add(diagnosis)) {
            progress.note(diagnosis.line());
            others.forEach(other -> other.onDiagnosis(diagnosis));
        }
    }

    /** Completions of the first and the last step of this process. */
    List<SampleCompletion> samples() {
        List<SampleCompletion> samples = new ArrayList<>(first);
        if (!latest.equals(first)) {
            samples.addAll(latest);
        }
        return samples;
    }

    @Override
    public void close() throws IOException {
        progress.close();
        metrics.close();
    }
}
