package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        Path resume = options.resume();
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
                if (resume != null) {
                    trainer.resume(resume);
                }
                int steps = config.training().steps();
                RunSetup.requireStepsLeft(trainer.stepsDone(), steps);
                describe(config, policy, problems, memory);
                new TrainingRun(
                                "sft",
                                config,
                                folder,
                                trainer.stepsDone(),
                                steps,
                                Metric.SUPERVISED,
                                policy.tokenizer())
                        .run(trainer::run, options, spec.commandLine().getOut());
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

    private void describe(SftConfig config, Policy policy, ProblemSet problems, MemoryEstimate memory) {
        if (options.quiet()) {
            return;
        }
        PrintWriter err = spec.commandLine().getErr();
        SettingLines.common(policy, config.tuning(), problems, config.optimiser(), config.output())
                .forEach(err::println);
        err.println(SettingLines.line(
                "training",
                config.training().steps() + " steps of " + config.training().batchSize() + " demonstrations, seed "
                        + config.training().seed()));
        err.println(SettingLines.line("memory", memory.line()));
        err.flush();
    }
}
