package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        Path resume = options.resume();
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
                if (resume != null) {
                    trainer.resume(resume);
                }
                int steps = config.training().steps();
                RunSetup.requireStepsLeft(trainer.stepsDone(), steps);
                describe(config, policy, problems, memory);
                new TrainingRun(
                                "train",
                                config,
                                folder,
                                trainer.stepsDone(),
                                steps,
                                Metric.REINFORCEMENT,
                                policy.tokenizer())
                        .run(trainer::run, options, spec.commandLine().getOut());
            }
        }
        return 0;
    }

    private void describe(TrainConfig config, Policy policy, ProblemSet problems, MemoryEstimate memory) {
        if (options.quiet()) {
            return;
        }
        PrintWriter err = spec.commandLine().getErr();
        SettingLines.common(policy, config.tuning(), problems, config.optimiser(), config.output())
                .forEach(err::println);
        ReinforcementLines.of(config).forEach(err::println);
        err.println(SettingLines.line("memory", memory.line()));
        err.flush();
    }
}
