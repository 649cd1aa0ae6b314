package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
public final class GrpoTrainer implements Trainer {
    private final TrainConfig config;
    private final ProblemSet problems;
    private final @Nullable Evaluator evaluator;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final RolloutCollection collection;
    private final Trainable trainable;
    private final @Nullable ReferencePolicy reference;
    private final PolicyLearner learner;
    private final TrainingLoop loop;

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
        this.problems = problems;
        this.evaluator = evaluator;
        RolloutSection rollout = config.rollout();
        this.replicas = new Replicas(config.training().replicas());
        this.rollouts = new Rollouts(policy.model(), replicas, Rollouts.DEFAULT_ROWS, rollout.packWeights());
        this.collection = new RolloutCollection(config, policy, problems, rewards, rollouts);
        this.trainable = policy.trainable(config.tuning());
        this.reference = References.of(config, trainable, replicas);
        this.learner = new PolicyLearner(config, policy, trainable, reference, replicas, surrogate);
        this.loop = new TrainingLoop(
                Course.of(config),
                folder,
                new CheckpointContent(policy, trainable, parts()),
                learner.guard(),
                new RunDiagnosis(config),
                rollouts,
                evaluator);
    }

    /** What changes beside the weights. A reference that stays where it started is made again by a resumed run. */
    private List<StatePart> parts() {
        List<StatePart> parts = new ArrayList<>(learner.parts());
        ParameterStore moving = reference != null && config.reference().syncEvery() > 0 ? reference.own() : null;
        if (moving != null) {
            parts.add(StatePart.of(
                    "reference.safetensors",
                    moving,
                    "it was saved by a run without a moving reference; resume with the reference.sync_every that it was"
                            + " started with"));
        }
        return parts;
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
        learner.watch(timer.progress());
        RunProvenance provenance = RunProvenance.of(config.training().seed(), config.model())
                .data("training", config.data(), problems.provenance());
        if (evaluator != null && config.evaluation() != null) {
            provenance.data("evaluation", config.evaluation().data(), evaluator.provenance());
        }
        RunEnd end = loop.run(this::step, provenance, timer, listener, stop);
        if (end.finished() && !loop.hasMoved()) {
            listener.onNote("nothing was learned from the rewards: in no step did "
                    + (config.objective().needsCritic()
                            ? "a completion earn other than the critic expected"
                            : "the completions of a prompt earn different ones")
                    + "; make the problems easier, sample more completions, or add a reward that differs");
        }
        return end;
    }

    /** One rollout batch: sample, score, compare, and take the optimiser steps. */
    private TrainingLoop.Taken step(int step, long position, PhaseTimer timer, TrainingListener listener) {
        long start = System.nanoTime();
        RolloutBatch batch = collection.collect(step, position, timer);
        StepMetrics.Builder metrics = StepMetrics.at(step);
        RolloutStatistics.of(batch, verifiesAnswers()).put(metrics);
        List<ScoredRollout> learnedOf;
        try (var phase = timer.phase("update")) {
            learnedOf = learner.learn(step, batch, metrics);
        }
        listener.onRollouts(step, batch.credited(learnedOf));
        int syncEvery = config.reference().syncEvery();
        if (reference != null && syncEvery > 0 && step % syncEvery == 0) {
            reference.follow(trainable.parameters(), config.reference().mixing());
        }
        metrics.put(Metric.TOKENS_PER_SECOND, batch.tokens() / ((System.nanoTime() - start) / 1e9));
        return new TrainingLoop.Taken(metrics, batch.dataPosition());
    }

    private boolean verifiesAnswers() {
        return config.rewards().stream().anyMatch(reward -> reward.name().equals(RewardRegistry.ANSWER));
    }

    @Override
    public void close() {
        learner.close();
        if (reference != null) {
            reference.close();
        }
        rollouts.close();
        replicas.close();
    }
}
