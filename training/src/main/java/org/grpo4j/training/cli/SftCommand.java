package org.grpo4j.training.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.trainer.Evaluator;
import org.grpo4j.training.trainer.MemoryEstimate;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Prompts;
import org.grpo4j.training.trainer.ResumePoint;
import org.grpo4j.training.trainer.RunFolder;
import org.grpo4j.training.trainer.SftTrainer;
import org.grpo4j.training.trainer.TokenExample;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code grpo4j sft}. */
@Command(name = "sft", description = "Train a policy on worked solutions, the warm start before reinforcement.")
final class SftCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions configuration;

    @Mixin
    private RunOptions options;

    @Override
    public Integer call() throws IOException {
        SftConfig config = configuration.load(SftConfig.class);
        ResumePoint resume = options.resume(spec.commandLine().getErr());
        RunFolder folder = RunSetup.folder(config.output(), config, resume);
        ProblemSet problems = Prompts.load(config.data());
        try (Policy policy =
                Policy.of(config.model(), config.tuning(), config.training().seed())) {
            Prompts prompts = new Prompts(policy.tokenizer(), config.data());
            RunSetup.requireRoom(policy, prompts, problems);
            List<TokenExample> demonstrations = prompts.demonstrations(problems);
            MemoryEstimate memory = MemoryEstimate.of(
                    config, policy, Replicas.countOf(config.training().replicas()), demonstrations);
            memory.requireFits();
            Evaluator evaluator =
                    RunSetup.evaluator(policy, config.evaluation(), longestCompletion(demonstrations), List.of());
            try (SftTrainer trainer = new SftTrainer(config, policy, demonstrations, evaluator, folder)) {
                new TrainingRun(
                                "sft",
                                config,
                                folder,
                                config.training().steps(),
                                Metric.SUPERVISED,
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

    /** A policy that imitates the demonstrations has no reason to write more than the longest of them. */
    private static int longestCompletion(List<TokenExample> demonstrations) {
        return demonstrations.stream()
                .mapToInt(example -> example.completion().length)
                .max()
                .orElse(1);
    }

    private static List<String> settings(SftConfig config, Policy policy, ProblemSet problems, MemoryEstimate memory) {
        List<String> lines = new ArrayList<>(
                SettingLines.common(policy, config.tuning(), problems, config.optimiser(), config.output()));
        lines.add(SettingLines.line(
                "training",
                config.training().steps() + " steps of " + config.training().batchSize() + " demonstrations, seed "
                        + config.training().seed()));
        lines.add(SettingLines.line("memory", memory.line()));
        return lines;
    }
}
