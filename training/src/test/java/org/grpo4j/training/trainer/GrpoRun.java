package org.grpo4j.training.trainer;

import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.reward.RewardRegistry;
import org.grpo4j.training.reward.WeightedRewards;

/** A policy with its trainer, as a configuration describes them. */
record GrpoRun(Policy policy, GrpoTrainer trainer) implements AutoCloseable {

    static GrpoRun of(TrainConfig config) {
        ProblemSet problems = Prompts.load(config.data());
        WeightedRewards rewards = RewardRegistry.standard(
                        (gold, completion) -> Verifier.verify(gold, completion).correct(),
                        config.rollout().maxNewTokens())
                .build(config.rewards());
        Policy policy =
                Policy.of(config.model(), config.tuning(), config.training().seed());
        RunFolder folder = new RunFolder(config.output(), ConfigYaml.write(config));
        return new GrpoRun(policy, new GrpoTrainer(config, policy, problems, rewards, null, folder));
    }

    @Override
    public void close() {
        trainer.close();
        policy.close();
    }
}
