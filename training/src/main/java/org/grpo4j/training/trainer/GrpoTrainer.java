package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.diagnosis.RunDiagnosis;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.objective.TokenSurrogate;
import org.grpo4j.training.reward.RewardRegistry;
import org.grpo4j.training.reward.WeightedRewards;
import org.jspecify.annotations.Nullable;

/**
 * Reinforcement with verifiable rewards (GRPO, arXiv 2402.03300, and its neighbours, among them GRPO-λ, arXiv
 * 2510.00194): sample a group of completions of each prompt, score them, compare each with its group, and take several
 * optimiser steps on the objective. What the objective is, is none of this class's business.
 */
public final class GrpoTrainer implements AutoCloseable {
    /** Seed part of dropout, so that it differs from every other use of the run's seed. */
    private static final long DROPOUT = -3;

    private final TrainConfig config;
    private final Policy policy;
    private final @Nullable Evaluator evaluator;
    private final RunFolder folder;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final RolloutCollection collection;
    private final Trainable trainable;
    private final @Nullable ReferencePolicy reference;
    private final PolicyUpdate update;
    private final Optimiser optimiser;
    private final MovementCheck movement;
    private final RunDiagnosis diagnosis;
    private RunState state = RunState.START;

    /**
     * A run, ready to start.
     *
     * @param policy trained in place, as far as {@code tuning} says; stays the caller's. Its present state is the start
     *     of the reference, if {@code objective.beta} asks for one
     * @param problems to roll out
     * @param rewards what completions earn
     * @param evaluator of held-out accuracy, or null
     */
    public GrpoTrainer(
            TrainConfig config,
            Policy policy,
            ProblemSet problems,
            WeightedRewards rewards,
            @Nullable Evaluator evaluator,
            RunFolder folder) {
        this(config, policy, problems, rewards, evaluator, folder, null);
    }

    /**
     * A run with a loss of the caller's own.
     *
     * @param surrogate takes the place of the objective's surrogate, or null
     */
    public GrpoTrainer(
            TrainConfig config,
            Policy policy,
            ProblemSet problems,
            WeightedRewards rewards,
            @Nullable Evaluator evaluator,
            RunFolder folder,
            @Nullable TokenSurrogate surrogate) {
        this.config = config;
        this.policy = policy;
        this.evaluator = evaluator;
        this.folder = folder;
        RolloutSection rollout = config.rollout();
        this.replicas = new Replicas(config.training().replicas());
        this.rollouts = new Rollouts(policy.model(), replicas, Rollouts.DEFAULT_ROWS, rollout.packWeights());
        this.collection = new RolloutCollection(config, policy, problems, rewards, rollouts);
        this.trainable = policy.trainable(config.tuning());
        this.reference = References.of(config, trainable, replicas);
        this.update = new PolicyUpdate(
                trainable,
                reference,
                replicas,
                config.objective(),
                surrogate,
                rollout.temperature(),
                MicroBatching.of(config.training()));
        long totalSteps = (long) config.training().steps() * config.training().optimiserStepsPerBatch();
        this.optimiser = new Optimiser(
                config.optimiser(), trainable.parameters(), update.engine().gradients(), totalSteps);
        this.movement = new MovementCheck(trainable.parameters());
        this.diagnosis = new RunDiagnosis(config);
    }

    /**
     * Takes up the state of a checkpoint: weights, optimiser, steps done, place in the data and, if it moves, the reference.
     */
    public void resume(Path checkpoint) {
        state = RunFolder.resume(
                checkpoint,
                trainable,
                optimiser,
                movingReference(),
                config.rollout().promptsPerStep());
    }

    /** Steps behind this run. */
    public int stepsDone() {
        return state.step();
    }

    /** Runs to the last step and writes the final checkpoint. */
    public void run(TrainingListener listener) throws IOException {
        PhaseTimer timer = new PhaseTimer(listener.phases());
        rollouts.watch(timer.progress());
        update.engine().watch(timer.progress());
        int steps = config.training().steps();
        if (state.step() == 0 && evaluator != null) {
            StepMetrics.Builder start = StepMetrics.at(0);
            evaluate(evaluator, start, timer);
            start.seconds(timer.drain());
            listener.onStep(start.build());
        }
        while (state.step() < steps) {
            StepMetrics.Builder metrics = step(timer, listener);
            int done = state.step();
            boolean due = config.evalEvery() > 0 && done % config.evalEvery() == 0;
            if (evaluator != null && (due || done == steps)) {
                evaluate(evaluator, metrics, timer);
            }
            metrics.seconds(timer.drain());
            StepMetrics built = metrics.build();
            listener.onStep(built);
            diagnosis.of(built).forEach(listener::onDiagnosis);
            if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0 && done < steps) {
                listener.onNote("checkpoint " + folder.writeCheckpoint(policy, optimiser, movingReference(), state));
            }
        }
        folder.writeFinal(policy, optimiser, movingReference(), state);
        if (!movement.hasMoved()) {
            listener.onNote(
                    "nothing was learned: in no step did the completions of a prompt earn different rewards, so no"
                            + " parameter moved; make the problems easier, sample more completions, or add a reward that differs");
        }
    }

    /** The reference's parameters if they are not those of the start, which a resumed run makes again by itself. */
    private @Nullable ParameterStore movingReference() {
        return reference != null && config.reference().syncEvery() > 0 ? reference.own() : null;
    }

    private void evaluate(Evaluator held, StepMetrics.Builder metrics, PhaseTimer timer) {
        try (var phase = timer.phase("evaluation")) {
            metrics.put(
                    Metric.HELDOUT_ACCURACY,
                    held.evaluate(rollouts, config.training().seed()).accuracy());
        }
    }

    /** One rollout batch: sample, score, compare, and take the optimiser steps. */
    private StepMetrics.Builder step(PhaseTimer timer, TrainingListener listener) {
        long start = System.nanoTime();
        int step = state.step() + 1;
        RolloutBatch batch = collection.collect(step, state.dataPosition(), timer);
        listener.onRollouts(step, batch.all());
        StepMetrics.Builder metrics = StepMetrics.at(step);
        RolloutStatistics.of(batch, verifiesAnswers()).put(metrics);
        try (var phase = timer.phase("update")) {
            optimise(step, batch.used(), batch.advantages(), metrics);
        }
        state = new RunState(step, batch.dataPosition());
        int syncEvery = config.reference().syncEvery();
        if (reference != null && syncEvery > 0 && step % syncEvery == 0) {
            reference.follow(trainable.parameters(), config.reference().mixing());
        }
        return metrics.put(Metric.TOKENS_PER_SECOND, batch.tokens() / ((System.nanoTime() - start) / 1e9));
    }

    private boolean verifiesAnswers() {
        return config.rewards().stream().anyMatch(reward -> reward.name().equals(RewardRegistry.ANSWER));
    }

    /** Takes the optimiser steps; none, and nothing moves, if there is nothing to learn from. */
    private void optimise(int step, List<ScoredRollout> used, double[] advantages, StepMetrics.Builder metrics) {
        UpdateStatistics statistics = new UpdateStatistics();
        if (!used.isEmpty()) {
            optimise(step, used, advantages, statistics);
        }
        statistics.put(metrics);
    }

    private void optimise(int step, List<ScoredRollout> used, double[] advantages, UpdateStatistics statistics) {
        update.beginStep(step);
        PolicyUpdate.Batch batch = update.prepare(
                used.stream()
                        .map(r -> new TokenExample(r.prompt(), r.completion().tokens()))
                        .toList(),
                used.stream().map(r -> r.completion().logProbs()).toList(),
                advantages);
        // Without any difference between rewards there is nothing to learn from, and it is right that nothing moves.
        if (Arrays.stream(advantages).anyMatch(advantage -> advantage != 0)) {
            movement.begin();
        }
        int passes = config.training().optimiserStepsPerBatch();
        for (int i = 0; i < passes; i++) {
            PolicyUpdate.Pass pass = batch.run(Seeds.derive(config.training().seed(), DROPOUT, step, i));
            Optimiser.Step taken = optimiser.step();
            statistics.add(pass, batch.ratios(), taken);
            if (i == passes - 1) {
                movement.require(step, taken.gradientNorm(), taken.learningRate());
            }
        }
    }

    @Override
    public void close() {
        optimiser.close();
        update.close();
        if (reference != null) {
            reference.close();
        }
        rollouts.close();
        replicas.close();
    }
}
