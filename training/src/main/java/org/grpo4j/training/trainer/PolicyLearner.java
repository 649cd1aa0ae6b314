package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.diagnosis.UpdateFault.BadExample;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.objective.TokenSurrogate;
import org.jspecify.annotations.Nullable;

/** What a reinforcement run does with the completions of a step: several optimiser steps on the objective. */
final class PolicyLearner implements AutoCloseable {
    /** Seed part of dropout, so that it differs from every other use of the run's seed. */
    private static final long DROPOUT = -3;

    private final TrainConfig config;
    private final @Nullable Critic critic;
    private final PolicyUpdate update;
    private final Optimiser optimiser;
    private final @Nullable Optimiser criticOptimiser;
    private final UpdateGuard guard;

    /**
     * A learner, with a new critic if the objective asks for one.
     *
     * @param reference of the KL term, not closed here
     * @param surrogate takes the place of the objective's, or null
     */
    PolicyLearner(
            TrainConfig config,
            Policy policy,
            Trainable trainable,
            @Nullable ReferencePolicy reference,
            Replicas replicas,
            @Nullable TokenSurrogate surrogate) {
        this.config = config;
        this.critic = Critic.of(config, policy);
        this.update = new PolicyUpdate(
                trainable,
                reference,
                replicas,
                config.objective(),
                critic,
                surrogate,
                config.rollout().temperature(),
                MicroBatching.of(config.training()));
        long totalSteps = (long) config.training().steps() * config.training().optimiserStepsPerBatch();
        this.optimiser = new Optimiser(config.optimiser(), trainable.parameters(), update.gradients(), totalSteps);
        this.criticOptimiser = critic == null ? null : critic.optimiser(config.optimiser(), update, totalSteps);
        this.guard = new UpdateGuard(
                optimiser,
                trainable.parameters(),
                update.engine().gradients(),
                config.optimiser().maxSkippedUpdates());
    }

    UpdateGuard guard() {
        return guard;
    }

    /** From now on the micro-batches of every pass are counted here. */
    void watch(PhaseProgress phases) {
        update.engine().watch(phases);
    }

    /** What changes beside the weights. */
    List<StatePart> parts() {
        List<StatePart> parts = new ArrayList<>();
        parts.add(StatePart.of("optimiser.safetensors", optimiser));
        if (critic != null && criticOptimiser != null) {
            String missing = "it was saved by a run without a critic; resume with the objective.advantage that it was"
                    + " started with";
            parts.add(StatePart.of("value_head.safetensors", critic.head().parameters(), missing));
            parts.add(StatePart.of("critic_optimiser.safetensors", criticOptimiser));
        }
        return parts;
    }

    /**
     * Takes the optimiser steps; none, and nothing moves, if there is nothing to learn from.
     *
     * @return the completions used, with the credit of their tokens in the first optimiser step
     */
    List<ScoredRollout> learn(int step, RolloutBatch rollouts, StepMetrics.Builder metrics) {
        UpdateStatistics statistics = new UpdateStatistics();
        guard.begin();
        List<ScoredRollout> learnedOf = List.of();
        if (rollouts.used().isEmpty()) {
            guard.end(step, false);
        } else {
            learnedOf = optimise(step, rollouts, statistics);
        }
        statistics.put(metrics);
        return learnedOf;
    }

    private List<ScoredRollout> optimise(int step, RolloutBatch rollouts, UpdateStatistics statistics) {
        List<ScoredRollout> used = rollouts.used();
        update.beginStep(step);
        PolicyUpdate.Batch batch = prepare(used);
        List<ScoredRollout> learnedOf = List.of();
        int passes = config.training().optimiserStepsPerBatch();
        for (int i = 0; i < passes && guard.fault() == null; i++) {
            long noise = Seeds.derive(config.training().seed(), DROPOUT, step, i);
            PolicyUpdate.Pass pass = batch.run(noise);
            learnedOf = i == 0 ? batch.credited(used) : learnedOf;
            Optimiser.Step taken = guard.update(step, pass.loss(), search(used, noise));
            if (taken.taken()) {
                if (criticOptimiser != null) {
                    criticOptimiser.step(pass.loss());
                }
                statistics.add(pass, batch.ratios(), taken);
            }
        }
        // Without any difference between rewards there is nothing to learn from, and it is right that nothing moves.
        // Masks may also leave only tokens of completions that are neither better nor worse than their group.
        guard.end(step, batch.teaches() && learnedOf.stream().anyMatch(ScoredRollout::isAskedToChange));
        return learnedOf;
    }

    private PolicyUpdate.Batch prepare(List<ScoredRollout> used) {
        return update.prepare(
                used.stream()
                        .map(r -> new TokenExample(r.prompt(), r.completion().tokens()))
                        .toList(),
                used.stream().map(r -> r.completion().logProbs()).toList(),
                used.stream()
                        .mapToDouble(r -> critic == null
                                ? r.advantage()
                                : r.score().total().orElseThrow())
                        .toArray());
    }

    /** How to look for the completions that are not finite alone. */
    private UpdateGuard.Search search(List<ScoredRollout> used, long noise) {
        return new UpdateGuard.Search(
                used.size(), i -> prepare(List.of(used.get(i))).run(noise).loss(), (i, loss, norm) -> {
                    ScoredRollout rollout = used.get(i);
                    return BadExample.of(
                            i,
                            rollout.prompt(),
                            rollout.completion().tokens(),
                            rollout.text(),
                            rollout.advantage(),
                            loss,
                            norm);
                });
    }

    @Override
    public void close() {
        optimiser.close();
        if (criticOptimiser != null) {
            criticOptimiser.close();
        }
        update.close();
        if (critic != null) {
            critic.head().close();
        }
    }
}
