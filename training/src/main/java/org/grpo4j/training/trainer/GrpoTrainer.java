package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.objective.Advantages;
import org.grpo4j.training.objective.TokenSurrogate;
import org.grpo4j.training.reward.RewardContext;
import org.grpo4j.training.reward.WeightedRewards;
import org.grpo4j.training.reward.WeightedRewards.Score;
import org.jspecify.annotations.Nullable;

/**
 * Reinforcement with verifiable rewards (GRPO, arXiv 2402.03300, and its neighbours, among them GRPO-λ, arXiv
 * 2510.00194): sample a group of completions of each prompt, score them, compare each with its group, and take several
 * optimiser steps on the objective. What the objective is, is none of this class's business.
 */
public final class GrpoTrainer implements AutoCloseable {
    /** Seed part of dropout, so that it differs from every other use of the run's seed. */
    private static final long DROPOUT = 3;

    private final TrainConfig config;
    private final Policy policy;
    private final ProblemSet problems;
    private final Prompts prompts;
    private final WeightedRewards rewards;
    private final @Nullable Evaluator evaluator;
    private final RunFolder folder;
    private final SamplingConfig sampling;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final Trainable trainable;
    private final @Nullable ReferencePolicy reference;
    private final PolicyUpdate update;
    private final Optimiser optimiser;
    private final MovementCheck movement;
    private final DataOrder order;
    private int done;

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
        this.problems = problems;
        this.prompts = new Prompts(policy.tokenizer(), config.data());
        this.rewards = rewards;
        this.evaluator = evaluator;
        this.folder = folder;
        RolloutSection rollout = config.rollout();
        this.sampling = new SamplingConfig(
                rollout.temperature(),
                rollout.topK(),
                rollout.topP(),
                rollout.maxNewTokens(),
                policy.stopIds(rollout.stop()));
        this.replicas = new Replicas(config.training().replicas());
        this.rollouts = new Rollouts(policy.model(), replicas, Rollouts.DEFAULT_ROWS, rollout.packWeights());
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
        this.order = new DataOrder(problems.size(), config.training().seed());
    }

    /** Takes up the state of a checkpoint: weights, optimiser, steps done and, if it moves, the reference. */
    public void resume(Path checkpoint) {
        done = RunFolder.resume(checkpoint, trainable, optimiser, movingReference());
    }

    /** Steps behind this run. */
    public int stepsDone() {
        return done;
    }

    /** Runs to the last step and writes the final checkpoint. */
    public void run(TrainingListener listener) throws IOException {
        PhaseTimer timer = new PhaseTimer();
        int steps = config.training().steps();
        if (done == 0 && evaluator != null) {
            StepMetrics.Builder start = StepMetrics.at(0);
            evaluate(evaluator, start, timer);
            start.seconds(timer.drain());
            listener.onStep(start.build());
        }
        while (done < steps) {
            StepMetrics.Builder metrics = step(timer, listener);
            boolean due = config.evalEvery() > 0 && done % config.evalEvery() == 0;
            if (evaluator != null && (due || done == steps)) {
                evaluate(evaluator, metrics, timer);
            }
            metrics.seconds(timer.drain());
            listener.onStep(metrics.build());
            if (config.checkpointEvery() > 0 && done % config.checkpointEvery() == 0 && done < steps) {
                listener.onNote("checkpoint " + folder.writeCheckpoint(policy, optimiser, movingReference(), done));
            }
        }
        folder.writeFinal(policy, optimiser, movingReference(), done);
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
        int step = done + 1;
        List<ScoredRollout> scored;
        try (var phase = timer.phase("rollout")) {
            scored = rollOut(step);
        }
        try (var phase = timer.phase("reward")) {
            scored = withAdvantages(score(scored));
        }
        listener.onRollouts(step, scored);
        StepMetrics.Builder metrics = StepMetrics.at(step);
        List<ScoredRollout> used =
                scored.stream().filter(r -> r.score().isUsable()).toList();
        RolloutStatistics.of(scored).put(metrics);
        if (used.isEmpty()) {
            throw new IllegalStateException(
                    "no completion of step " + step + " could be scored; the first reward failure: "
                            + scored.get(0).score().failures());
        }
        try (var phase = timer.phase("update")) {
            optimise(step, used, metrics);
        }
        done = step;
        int syncEvery = config.reference().syncEvery();
        if (reference != null && syncEvery > 0 && step % syncEvery == 0) {
            reference.follow(trainable.parameters(), config.reference().mixing());
        }
        long tokens =
                scored.stream().mapToLong(r -> r.completion().tokens().length).sum();
        return metrics.put(Metric.TOKENS_PER_SECOND, tokens / ((System.nanoTime() - start) / 1e9));
    }

    private List<ScoredRollout> rollOut(int step) {
        int group = config.rollout().groupSize();
        int count = config.rollout().promptsPerStep();
        int[] rows = order.rows((long) (step - 1) * count, count);
        List<CompletionRequest> requests = new ArrayList<>();
        for (int row : rows) {
            int[] prompt = prompts.encode(problems.get(row));
            for (int sample = 0; sample < group; sample++) {
                long seed = Seeds.derive(config.training().seed(), step, row, sample);
                requests.add(new CompletionRequest(prompt, seed));
            }
        }
        List<Completion> completions = rollouts.sample(requests, sampling);
        List<ScoredRollout> result = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Problem problem = problems.get(rows[i / group]);
            Completion completion = completions.get(i);
            String text = policy.tokenizer().decode(completion.tokens(), true);
            result.add(new ScoredRollout(problem, i / group, requests.get(i).prompt(), completion, text, UNSCORED, 0));
        }
        return result;
    }

    private static final Score UNSCORED = new Score(Map.of(), Map.of(), OptionalDouble.empty());

    private List<ScoredRollout> score(List<ScoredRollout> rollouts) {
        return rollouts.stream()
                .map(r -> {
                    RewardContext context = new RewardContext(
                            prompts.text(r.problem()),
                            r.problem().answers(),
                            r.text(),
                            r.completion().tokens().length,
                            !r.completion().finished());
                    return new ScoredRollout(
                            r.problem(), r.group(), r.prompt(), r.completion(), r.text(), rewards.score(context), 0);
                })
                .toList();
    }

    /** Completions whose reward failed take no part: their groups are compared without them. */
    private List<ScoredRollout> withAdvantages(List<ScoredRollout> rollouts) {
        List<ScoredRollout> used =
                rollouts.stream().filter(r -> r.score().isUsable()).toList();
        if (used.isEmpty()) {
            return rollouts;
        }
        double[] advantages = Advantages.of(
                config.objective(),
                used.stream().mapToDouble(r -> r.score().total().getAsDouble()).toArray(),
                used.stream().mapToInt(ScoredRollout::group).toArray());
        List<ScoredRollout> result = new ArrayList<>();
        int next = 0;
        for (ScoredRollout r : rollouts) {
            double advantage = r.score().isUsable() ? advantages[next++] : 0;
            result.add(new ScoredRollout(
                    r.problem(), r.group(), r.prompt(), r.completion(), r.text(), r.score(), advantage));
        }
        return result;
    }

    private void optimise(int step, List<ScoredRollout> used, StepMetrics.Builder metrics) {
        PolicyUpdate.Batch batch = update.prepare(
                used.stream()
                        .map(r -> new TokenExample(r.prompt(), r.completion().tokens()))
                        .toList(),
                used.stream().map(r -> r.completion().logProbs()).toList(),
                used.stream().mapToDouble(ScoredRollout::advantage).toArray());
        UpdateStatistics statistics = new UpdateStatistics();
        // Without any difference between rewards there is nothing to learn from, and it is right that nothing moves.
        if (used.stream().anyMatch(r -> r.advantage() != 0)) {
            movement.begin();
        }
        int passes = config.training().optimiserStepsPerBatch();
        for (int i = 0; i < passes; i++) {
            PolicyUpdate.Pass pass = batch.run(Seeds.derive(config.training().seed(), DROPOUT, step, i));
            Optimiser.Step taken = optimiser.step();
            statistics.add(pass, taken);
            if (i == passes - 1) {
                movement.require(step, taken.gradientNorm(), taken.learningRate());
            }
        }
        statistics.put(metrics);
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
