package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.diagnosis.RunDiagnosis;
import org.grpo4j.training.diagnosis.UpdateFault.BadExample;
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
    /** Seed part of dropout, so that it differs from every other use of the run's seed. */
    private static final long DROPOUT = -3;

    /** Examples of a batch named when a run has to stop for them. */
    private static final int MOST_NAMED = 8;

    private final TrainConfig config;
    private final ProblemSet problems;
    private final @Nullable Evaluator evaluator;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final RolloutCollection collection;
    private final Trainable trainable;
    private final @Nullable ReferencePolicy reference;
    private final PolicyUpdate update;
    private final Optimiser optimiser;
    private final UpdateGuard guard;
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
        this.guard = new UpdateGuard(
                optimiser,
                trainable.parameters(),
                update.engine().gradients(),
                config.optimiser().maxSkippedUpdates());
        this.loop = new TrainingLoop(
                Course.of(config),
                folder,
                new CheckpointContent(policy, trainable, parts()),
                guard,
                new RunDiagnosis(config),
                rollouts,
                evaluator);
    }

    /** What changes beside the weights. A reference that stays where it started is made again by a resumed run. */
    private List<StatePart> parts() {
        List<StatePart> parts = new ArrayList<>();
        parts.add(StatePart.of("optimiser.safetensors", optimiser));
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
        RunProvenance provenance = RunProvenance.of(config.training().seed(), config.model())
                .data("training", config.data(), problems.provenance());
        if (evaluator != null && config.evaluation() != null) {
            provenance.data("evaluation", config.evaluation().data(), evaluator.provenance());
        }
        RunEnd end = loop.run(this::step, provenance, listener, stop);
        if (end.finished() && !loop.hasMoved()) {
            listener.onNote(
                    "nothing was learned: in no step did the completions of a prompt earn different rewards, so no"
                            + " parameter moved; make the problems easier, sample more completions, or add a reward that differs");
        }
        return end;
    }

    /** One rollout batch: sample, score, compare, and take the optimiser steps. */
    private TrainingLoop.Taken step(int step, long position, PhaseTimer timer, TrainingListener listener) {
        long start = System.nanoTime();
        RolloutBatch batch = collection.collect(step, position, timer);
        StepMetrics.Builder metrics = StepMetrics.at(step);
        RolloutStatistics.of(batch, verifiesAnswers()).put(metrics);
        List<float[]> credits;
        try (var phase = timer.phase("update")) {
            credits = optimise(step, batch.used(), batch.advantages(), metrics);
        }
        listener.onRollouts(step, batch.credited(credits));
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

    /** Takes the optimiser steps; none, and nothing moves, if there is nothing to learn from. */
    private List<float[]> optimise(
            int step, List<ScoredRollout> used, double[] advantages, StepMetrics.Builder metrics) {
        UpdateStatistics statistics = new UpdateStatistics();
        // Without any difference between rewards there is nothing to learn from, and it is right that nothing moves.
        guard.begin(Arrays.stream(advantages).anyMatch(advantage -> advantage != 0));
        List<float[]> credits = used.isEmpty() ? List.of() : optimise(step, used, advantages, statistics);
        guard.end(step);
        statistics.put(metrics);
        return credits;
    }

    /** Takes the optimiser steps and returns the credit of every token in the first of them. */
    private List<float[]> optimise(
            int step, List<ScoredRollout> used, double[] advantages, UpdateStatistics statistics) {
        update.beginStep(step);
        PolicyUpdate.Batch batch = prepare(used, advantages);
        List<float[]> credits = List.of();
        int passes = config.training().optimiserStepsPerBatch();
        for (int i = 0; i < passes && guard.fault() == null; i++) {
            long noise = Seeds.derive(config.training().seed(), DROPOUT, step, i);
            PolicyUpdate.Pass pass = batch.run(noise);
            credits = i == 0 ? batch.credits() : credits;
            Optimiser.Step taken = guard.update(step, pass.loss(), () -> notFinite(used, noise));
            if (taken.taken()) {
                statistics.add(pass, batch.ratios(), taken);
            }
        }
        return credits;
    }

    private PolicyUpdate.Batch prepare(List<ScoredRollout> used, double[] advantages) {
        return update.prepare(
                used.stream()
                        .map(r -> new TokenExample(r.prompt(), r.completion().tokens()))
                        .toList(),
                used.stream().map(r -> r.completion().logProbs()).toList(),
                advantages);
    }

    /** The first completions of a batch that are not finite as a batch of their own. */
    private List<BadExample> notFinite(List<ScoredRollout> used, long noise) {
        List<BadExample> found = new ArrayList<>();
        for (int i = 0; i < used.size() && found.size() < MOST_NAMED; i++) {
            ScoredRollout rollout = used.get(i);
            double loss = prepare(List.of(rollout), new double[] {rollout.advantage()})
                    .run(noise)
                    .loss();
            double norm = GradientClip.globalNorm(update.engine().gradients());
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                found.add(BadExample.of(
                        i,
                        rollout.prompt(),
                        rollout.completion().tokens(),
                        rollout.text(),
                        rollout.advantage(),
                        loss,
                        norm));
            }
        }
        return found;
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
