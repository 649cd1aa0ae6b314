package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.metrics.StepMetrics;
import org.jspecify.annotations.Nullable;

/** Supervised fine-tuning on demonstrations: the warm start before reinforcement. */
public final class SftTrainer implements AutoCloseable {
    /** Seed part of dropout, so that it differs from every other use of the run's seed. */
    private static final long DROPOUT = -4;

    private final SftConfig config;
    private final Policy policy;
    private final List<TokenExample> demonstrations;
    private final @Nullable Evaluator evaluator;
    private final RunFolder folder;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final Trainable trainable;
    private final SupervisedUpdate update;
    private final Optimiser optimiser;
    private final MovementCheck movement;
    private final DataOrder order;
    private int done;

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
        this.policy = policy;
        this.demonstrations = demonstrations;
        this.evaluator = evaluator;
        this.folder = folder;
        this.replicas = new Replicas(config.training().replicas());
        this.rollouts = new Rollouts(policy, replicas, Rollouts.DEFAULT_ROWS);
        this.trainable = policy.trainable(config.tuning());
        this.update = new SupervisedUpdate(trainable, replicas, MicroBatching.of(config.training()));
        this.optimiser = new Optimiser(
                config.optimiser(),
                trainable.parameters(),
                update.engine().gradients(),
                config.training().steps());
        this.movement = new MovementCheck(trainable.parameters());
        this.order = new DataOrder(demonstrations.size(), config.training().seed());
    }

    /** Takes up the state of a checkpoint: weights, optimiser and steps done. */
    public void resume(Path checkpoint) {
        done = RunFolder.resume(
                        checkpoint,
                        trainable,
                        optimiser,
                        null,
                        config.training().batchSize())
                .step();
    }

    /** Steps behind this run. */
    public int stepsDone() {
        return done;
    }

    /** Runs to the last step and writes the final checkpoint. */
    public void run(TrainingListener listener) throws IOException {
        PhaseTimer timer = new PhaseTimer(listener.phases());
        rollouts.watch(timer.progress());
        update.engine().watch(timer.progress());
        int steps = config.training().steps();
        while (done < steps) {
            StepMetrics.Builder metrics = step(timer);
            boolean due = config.evalEvery() > 0 && done % config.evalEvery() == 0;
            if (evaluator != null && (due || done == steps)) {
                try (var phase = timer.phase("evaluation")) {
                    metrics.put(
                            Metric.HELDOUT_ACCURACY,
                            evaluator
                                    .evaluate(rollouts, config.training().seed())
                                    .accuracy());
                }
            }
            metrics.seconds(timer.drain());
            listener.onStep(metrics.build());
            if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0 && done < steps) {
                listener.onNote("checkpoint " + folder.writeCheckpoint(policy, optimiser, null, state()));
            }
        }
        folder.writeFinal(policy, optimiser, null, state());
    }

    private RunState state() {
        return new RunState(done, (long) done * config.training().batchSize());
    }

    private StepMetrics.Builder step(PhaseTimer timer) {
        long start = System.nanoTime();
        List<TokenExample> batch = new ArrayList<>();
        long tokens = 0;
        int size = config.training().batchSize();
        for (int row : order.rows((long) done * size, size)) {
            batch.add(demonstrations.get(row));
            tokens += demonstrations.get(row).length();
        }
        double loss;
        try (var phase = timer.phase("gradients")) {
            loss = update.run(batch, Seeds.derive(config.training().seed(), DROPOUT, done));
        }
        Optimiser.Step taken;
        try (var phase = timer.phase("optimiser")) {
            movement.begin();
            taken = optimiser.step();
            movement.require(done + 1, taken.gradientNorm(), taken.learningRate());
        }
        done++;
        return StepMetrics.at(done)
                .put(Metric.LOSS, loss)
                .put(Metric.GRADIENT_NORM, taken.gradientNorm())
                .put(Metric.LEARNING_RATE, taken.learningRate())
                .put(Metric.TOKENS_PER_SECOND, tokens / ((System.nanoTime() - start) / 1e9));
    }

    @Override
    public void close() {
        optimiser.close();
        update.close();
        rollouts.close();
        replicas.close();
    }
}
