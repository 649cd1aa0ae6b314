package org.grpo4j.training.tensorboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.trainer.ScoredRollout;
import org.grpo4j.training.trainer.TrainingListener;

/**
 * Writes a run as event files for {@code tensorboard --logdir}: every metric of every step, histograms of completion
 * lengths and advantages, and now and then a few completions. A resumed run adds a file, which voids the steps that are
 * done again.
 */
public final class TensorBoardLog implements TrainingListener, AutoCloseable {
    private static final int SAMPLES = 4;
    /** TensorBoard shows about ten texts a tag; more than these would only make the file large. */
    private static final int STEPS_WITH_SAMPLES = 50;

    private final Path folder;
    private final EventFile events;
    private final int sampleEvery;

    private TensorBoardLog(Path folder, EventFile events, int steps) {
        this.folder = folder;
        this.events = events;
        this.sampleEvery = Math.max(1, steps / STEPS_WITH_SAMPLES);
    }

    /**
     * Starts a file.
     *
     * @param folder of the event files, usually {@code RUN/tensorboard}
     * @param done steps behind a resumed run; 0 for a new one
     * @param steps of the whole run
     */
    public static TensorBoardLog start(Path folder, int done, int steps) throws IOException {
        return start(folder, done, steps, Clock.systemUTC());
    }

    static TensorBoardLog start(Path folder, int done, int steps, Clock clock) throws IOException {
        EventFile events = EventFile.create(folder, clock);
        if (done > 0) {
            events.startAt(done + 1);
        }
        return new TensorBoardLog(folder, events, steps);
    }

    /** Every metric that was measured, and the seconds of each phase. */
    @Override
    public void onStep(StepMetrics metrics) {
        Summary summary = new Summary();
        metrics.values().forEach((name, value) -> {
            if (!value.isNaN()) {
                summary.scalar(ScalarTags.of(name), value);
            }
        });
        metrics.seconds().forEach((phase, seconds) -> summary.scalar(ScalarTags.ofPhase(phase), seconds));
        write(metrics.step(), summary);
    }

    /** What a step has sampled. Completions that no reward could judge have no advantage. */
    @Override
    public void onRollouts(int step, List<ScoredRollout> rollouts) {
        int[] lengths = rollouts.stream()
                .mapToInt(rollout -> rollout.completion().tokens().length)
                .toArray();
        double[] advantages = rollouts.stream()
                .filter(rollout -> rollout.score().isUsable())
                .mapToDouble(ScoredRollout::advantage)
                .filter(Double::isFinite)
                .toArray();
        Summary summary = new Summary();
        if (lengths.length > 0) {
            summary.histogram("length/tokens", Histogram.ofWhole(lengths));
        }
        if (advantages.length > 0) {
            summary.histogram("advantage/values", Histogram.of(advantages));
        }
        if (step == 1 || step % sampleEvery == 0) {
            addSamples(rollouts, summary);
        }
        write(step, summary);
    }

    /** The first completion of each of the first problems. */
    private static void addSamples(List<ScoredRollout> rollouts, Summary summary) {
        Set<Integer> groups = new HashSet<>();
        for (ScoredRollout rollout : rollouts) {
            if (groups.size() < SAMPLES && groups.add(rollout.group())) {
                summary.text("sample/" + groups.size(), SampleMarkdown.of(rollout));
            }
        }
    }

    private void write(int step, Summary summary) {
        try {
            events.write(step, summary);
            events.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the events of step " + step + " could not be written into " + folder, e);
        }
    }

    @Override
    public void close() throws IOException {
        events.close();
    }
}
