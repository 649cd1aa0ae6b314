package org.grpo4j.training.quickstart;

import java.nio.file.Path;
import java.util.function.BiPredicate;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.config.EvaluationSection;
import org.grpo4j.training.config.RolloutSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.trainer.Evaluator;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Prompts;
import org.grpo4j.training.trainer.Rollouts;

/** Evaluations on held-out problems: the small ones of a run and the large one of its final checkpoint. */
final class HeldOut {
    /** Whether a completion (second) gives the gold answer (first). */
    static final BiPredicate<String, String> VERIFIER =
            (gold, completion) -> Verifier.verify(gold, completion).correct();

    private static final int ROWS_PER_REPLICA = 64;

    private HeldOut() {}

    /** An evaluation of a policy, with completions as long as a run allows them to be. */
    static Evaluator evaluator(Policy policy, EvaluationSection section, RolloutSection rollout) {
        SamplingConfig sampling = new SamplingConfig(
                section.temperature(), 0, 1.0, rollout.maxNewTokens(), policy.stopIds(rollout.stop()));
        return new Evaluator(
                policy,
                new Prompts(policy.tokenizer(), section.data()),
                Prompts.load(section.data()),
                section.samples(),
                sampling,
                VERIFIER);
    }

    /** Loads a checkpoint and evaluates it. */
    static Evaluator.Result evaluate(Path checkpoint, QuickstartConfig config) {
        TrainConfig run = config.grpo();
        try (Policy policy = Policy.load(checkpoint);
                Replicas replicas = new Replicas(run.training().replicas());
                Rollouts rollouts = new Rollouts(policy, replicas, ROWS_PER_REPLICA)) {
            return evaluator(policy, config.heldOut(), run.rollout()).evaluate(rollouts, config.seed());
        }
    }
}
