package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.PhaseProgress;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.reward.RewardRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a display gets to know of the phases of a step. */
class PhasesOfARunTest {

    @TempDir
    Path folder;

    /** Keeps every phase as it was after its last unit, such as {@code rollout 16/16}. */
    private static final class Recorded extends PhaseProgress implements TrainingListener {
        final List<String> phases = new ArrayList<>();
        final Set<Integer> steps = new HashSet<>();

        @Override
        public synchronized void advance() {
            super.advance();
            Snapshot now = now();
            if (now != null && now.done() == now.total()) {
                phases.add(now.name() + " " + now.done() + "/" + now.total());
            }
        }

        @Override
        public PhaseProgress phases() {
            return this;
        }

        @Override
        public void onStep(StepMetrics metrics) {
            steps.add(metrics.step());
            assertThat(now()).isNull();
        }
    }

    @Test
    void aReinforcementRunCountsCompletionsRewardsAndMicroBatches() throws IOException {
        TrainConfig config = TinyRun.train(folder, "training.steps=1", "training.micro_batch_tokens=128");
        Recorded recorded = new Recorded();
        ProblemSet problems = Prompts.load(config.data());
        try (Policy policy = Policy.of(config.model(), 7);
                GrpoTrainer trainer = new GrpoTrainer(
                        config,
                        policy,
                        problems,
                        RewardRegistry.standard(String::equals, 24).build(config.rewards()),
                        evaluator(policy, config, problems),
                        new RunFolder(config.output(), ConfigYaml.write(config)))) {
            trainer.run(recorded);
        }
        assertThat(recorded.steps).containsExactlyInAnyOrder(0, 1);
        List<String> phases = recorded.phases;
        assertThat(phases.subList(0, 3)).containsExactly("evaluation 40/40", "rollout 16/16", "reward 16/16");
        assertThat(phases).endsWith("evaluation 40/40");
        // Two optimiser steps on the same batch, cut into the same micro-batches.
        assertThat(phases.subList(3, phases.size() - 1))
                .hasSize(2)
                .allSatisfy(update -> assertThat(update)
                        .matches("update (\\d+)/\\1")
                        .isNotEqualTo("update 1/1")
                        .isEqualTo(phases.get(3)));
    }

    @Test
    void aSupervisedRunCountsMicroBatches() throws IOException {
        SftConfig config = TinyRun.sft(folder, "training.steps=2");
        Recorded recorded = new Recorded();
        ProblemSet problems = Prompts.load(config.data());
        try (Policy policy = Policy.of(config.model(), 7);
                SftTrainer trainer = new SftTrainer(
                        config,
                        policy,
                        new Prompts(policy.tokenizer(), config.data()).demonstrations(problems),
                        null,
                        new RunFolder(config.output(), ConfigYaml.write(config)))) {
            trainer.run(recorded);
        }
        assertThat(recorded.phases)
                .hasSize(2)
                .allSatisfy(phase -> assertThat(phase).matches("gradients (\\d+)/\\1"));
    }

    private static Evaluator evaluator(Policy policy, TrainConfig config, ProblemSet problems) {
        SamplingConfig sampling = SamplingConfig.onPolicy(8, policy.stopIds(List.of()));
        return new Evaluator(
                policy, new Prompts(policy.tokenizer(), config.data()), problems, 2, sampling, String::equals);
    }
}
