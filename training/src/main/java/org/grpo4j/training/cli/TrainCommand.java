package org.grpo4j.training.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.reward.RewardRegistry;
import org.grpo4j.training.reward.WeightedRewards;
import org.grpo4j.training.trainer.Evaluator;
import org.grpo4j.training.trainer.GrpoTrainer;
import org.grpo4j.training.trainer.MemoryEstimate;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Prompts;
import org.grpo4j.training.trainer.ResumePoint;
import org.grpo4j.training.trainer.RunFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grpo4j train}. */
@Command(name = "train", description = "Train a policy on verifiable rewards: GRPO, GRPO-λ and their relatives.")
final class TrainCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        TrainConfig config = configuration.load(TrainConfig.class);
        ResumePoint resume = options.resume(spec.commandLine().getErr());
        RunFolder folder = RunSetup.folder(config.output(), config, resume);
        int limit = config.rollout().maxNewTokens();
        WeightedRewards rewards =
                RewardRegistry.standard(RunSetup.VERIFIER, limit).build(config.rewards());
        ProblemSet problems = Prompts.load(config.data());
        try (Policy policy =
                Policy.of(config.model(), config.tuning(), config.training().seed())) {
            int longest = RunSetup.requireRoom(policy, new Prompts(policy.tokenizer(), config.data()), problems);
            MemoryEstimate memory = MemoryEstimate.of(
                    config, policy, Replicas.countOf(config.training().replicas()), longest);
            memory.requireFits();
            Evaluator evaluator = RunSetup.evaluator(
                    policy, config.evaluation(), limit, config.rollout().stop());
            try (GrpoTrainer trainer = new GrpoTrainer(config, policy, problems, rewards, evaluator, folder)) {
                new TrainingRun(
                                "train",
                                config,
                                folder,
                                config.training().steps(),
                                Metric.REINFORCEMENT,
                                config.tensorboard(),
                                policy.tokenizer())
                        .run(
                                trainer,
                                resume,
                                () -> settings(config, policy, problems, memory),
                                options,
                                spec.commandLine());
            }
        }
        return 0;
    }

    private static List<String> settings(
            TrainConfig config, Policy policy, ProblemSet problems, MemoryEstimate memory) {
        List<String> lines = new ArrayList<>(
                SettingLines.common(policy, config.tuning(), problems, config.optimiser(), config.output()));
        lines.addAll(ReinforcementLines.of(config));
        lines.add(SettingLines.line("memory", memory.line()));
        return lines;
    }
}
