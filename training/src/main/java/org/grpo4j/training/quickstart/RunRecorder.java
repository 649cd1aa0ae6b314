package org.grpo4j.training.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.rollouts.RolloutLog;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.ScoredRollout;
import org.grpo4j.training.trainer.TrainingListener;
import org.jspecify.annotations.Nullable;

/** Keeps what a run tells: in its folder, on the screen, and for the report. */
final class RunRecorder implements TrainingListener, AutoCloseable {
    private final MetricsWriter writer;
    private final Progress progress;
    private final List<StepMetrics> metrics = new ArrayList<>();
    private final RunFolder folder;
    private @Nullable RolloutLog rollouts;

    /**
     * A recorder, which closes the display.
     *
     * @param required metrics without which a step is refused
     */
    RunRecorder(Set<Metric> required, RunFolder folder, Progress progress) throws IOException {
        this.folder = folder;
        this.progress = progress;
        this.writer = MetricsWriter.append(folder.metrics(), required);
    }

    @Override
    public void onStep(StepMetrics step) {
        writer.write(step);
        metrics.add(step);
        progress.step(step);
    }

    /**
     * Keeps completions from now on.
     *
     * @param tokenizer of the policy
     * @return to be closed before the tokenizer
     */
    RolloutLog keepRollouts(Tokenizer tokenizer) throws IOException {
        RolloutLog log = RolloutLog.resume(folder.path(), 0, tokenizer, progress::note);
        rollouts = log;
        return log;
    }

    @Override
    public void onRollouts(int step, List<ScoredRollout> scored) {
        if (rollouts != null) {
            rollouts.add(step, scored);
        }
    }

    @Override
    public PhaseProgress phases() {
        return progress.phases();
    }

    @Override
    public void onNote(String line) {
        progress.note(line);
    }

    List<StepMetrics> metrics() {
        return metrics;
    }

    @Override
    public void close() throws IOException {
        progress.close();
        writer.close();
    }
}
