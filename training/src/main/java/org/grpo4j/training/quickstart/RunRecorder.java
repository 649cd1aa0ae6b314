package org.grpo4j.training.quickstart;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsWriter;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.metrics.Progress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.SampleCompletion;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.ScoredRollout;
import org.grpo4j.training.trainer.TrainingListener;

/** Keeps what a run tells: in its folder, on the screen, and for the report. */
final class RunRecorder implements TrainingListener, AutoCloseable {
    private static final int SAMPLES = 4;

    private final String name;
    private final int steps;
    private final MetricsWriter writer;
    private final Progress progress;
    private final List<StepMetrics> metrics = new ArrayList<>();
    private final List<SampleCompletion> samples = new ArrayList<>();

    /**
     * A recorder, which closes the display.
     *
     * @param name of the run
     * @param steps of the whole run
     * @param required metrics without which a step is refused
     */
    RunRecorder(String name, int steps, Set<Metric> required, RunFolder folder, Progress progress) throws IOException {
        this.name = name;
        this.steps = steps;
        this.progress = progress;
        this.writer = MetricsWriter.append(folder.metrics(), required);
    }

    @Override
    public void onStep(StepMetrics step) {
        writer.write(step);
        metrics.add(step);
        progress.step(step);
    }

    /** Completions of a few prompts from the first and the last step are kept. */
    @Override
    public void onRollouts(int step, List<ScoredRollout> rollouts) {
        if (step != 1 && step != steps) {
            return;
        }
        Set<Integer> groups = new HashSet<>();
        for (ScoredRollout r : rollouts) {
            if (groups.size() < SAMPLES && groups.add(r.group())) {
                double reward = r.score().total().orElse(Double.NaN);
                samples.add(new SampleCompletion(name, step, r.problem().problem(), r.text(), reward, r.advantage()));
            }
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

    List<SampleCompletion> samples() {
        return samples;
    }

    @Override
    public void close() throws IOException {
        progress.close();
        writer.close();
    }
}
