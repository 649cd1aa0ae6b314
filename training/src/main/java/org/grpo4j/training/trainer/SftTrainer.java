package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.diagnosis.RunDiagnosis;
import org.grpo4j.training.diagnosis.UpdateFault.BadExample;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.metrics.StepMetrics;
import org.jspecify.annotations.Nullable;

/** Supervised fine-tuning on demonstrations: the warm start before reinforcement. */
public final class SftTrainer implements Trainer {
    /** Seed part of dropout, so that it differs from every other use of the run's seed. */
    private static final long DROPOUT = -4;

    private final SftConfig config;
    private final List<TokenExample> demonstrations;
    private final @Nullable Evaluator evaluator;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final SupervisedUpdate update;
    private final Optimiser optimiser;
    private final UpdateGuard guard;
    private final TrainingLoop loop;
    private final DataOrder order;

    /**
     * A run, ready to start.
     *
     * @param policy trained in place, as far as {@code tuning} says; stays the caller's
     * @param demonstrations what is imitated
     * @param evaluator of held-out accuracy, or null
     */
    public SftTrainer(
            SftConfig config,
            Policy policy,
            List<TokenExample> demonstrations,
            @Nullable Evaluator evaluator,
            RunFolder folder) {
        this.config = config;
        this.demonstrations = demonstrations;
        this.evaluator = evaluator;
        this.replicas = new Replicas(config.training().replicas());
        this.rollouts = new Rollouts(policy, replicas, Rollouts.DEFAULT_ROWS);
        Trainable trainable = policy.trainable(config.tuning());
        this.update = new SupervisedUpdate(trainable, replicas, MicroBatching.of(config.training()));
        this.optimiser = new Optimiser(
                config.optimiser(),
                trainable.parameters(),
                update.engine().gradients(),
                config.training().steps());
        this.guard = new UpdateGuard(
                optimiser,
                trainable.parameters(),
                update.engine().gradients(),
                config.optimiser().maxSkippedUpdates());
        this.loop = new TrainingLoop(
                Course.of(config),
                folder,
                new CheckpointContent(policy, trainable, List.of(StatePart.of("optimiser.safetensors", optimiser))),
                guard,
                new RunDiagnosis(config),
                rollouts,
                evaluator);
        this.order = new DataOrder(demonstrations.size(), config.training().seed());
    }

    @Override
    public void resume(Path checkpoint) {
        loop.resume(checkpoint);
    }

    @Override
    public int stepsDone() {
        return loop.stepsDone();
    }

    @Override
    public RunEnd run(TrainingListener listener, StopRequest stop) throws IOException {
        PhaseTimer timer = new PhaseTimer(listener.phases());
        rollouts.watch(timer.progress());
        update.engine().watch(timer.progress());
        RunProvenance provenance =
                RunProvenance.of(config.training().seed(), config.model()).data("training", config.data(), null);
        if (evaluator != null && config.evaluation() != null) {
            provenance.data("evaluation", config.evaluation().data(), evaluator.provenance());
        }
        return loop.run(this::step, provenance, timer, listener, stop);
    }

    private TrainingLoop.Taken step(int step, long position, PhaseTimer timer, TrainingListener listener) {
        long start = System.nanoTime();
        int size = config.training().batchSize();
        List<TokenExample> batch = new ArrayList<>();
        for (int row : order.rows(position, size)) {
            batch.add(demonstrations.get(row));
        }
        long noise = Seeds.derive(config.training().seed(), DROPOUT, step - 1);
        double loss;
        try (var phase = timer.phase("gradients")) {
            loss = update.run(batch, noise);
        }
        Optimiser.Step taken;
        try (var phase = timer.phase("optimiser")) {
            guard.begin();
            taken = guard.update(step, loss, search(batch, noise));
            guard.end(step, true);
        }
        long tokens = batch.stream().mapToLong(TokenExample::length).sum();
        StepMetrics.Builder metrics = StepMetrics.at(step)
                .put(Metric.LOSS, loss)
                .put(Metric.GRADIENT_NORM, taken.gradientNorm())
                .put(Metric.LEARNING_RATE, taken.learningRate())
                .put(Metric.TOKENS_PER_SECOND, tokens / ((System.nanoTime() - start) / 1e9));
        return new TrainingLoop.Taken(metrics, position + size);
    }

    /** How to look for the demonstrations that are not finite alone. */
    private UpdateGuard.Search search(List<TokenExample> batch, long noise) {
        return new UpdateGuard.Search(batch.size(), i -> update.run(List.of(batch.get(i)), noise), (i, loss, norm) -> {
            TokenExample example = batch.get(i);
            return BadExample.of(i, example.prompt(), example.completion(), "", 1, loss, norm);
        });
    }

    @Override
    public void close() {
        optimiser.close();
        update.close();
        rollouts.close();
        replicas.close();
    }
}
