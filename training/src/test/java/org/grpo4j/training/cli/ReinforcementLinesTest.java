package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.training.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReinforcementLinesTest {

    @TempDir
    Path folder;

    private List<String> lines(String... settings) throws IOException {
        return ReinforcementLines.of(TinyRun.train(folder, settings));
    }

    @Test
    void settingsThatAreNotTheUsualOnesAreTold() throws IOException {
        assertThat(lines(
                        "objective={trace: none, beta: 0.04, kl: k1, dual_clip: 3, clip_high: 0.28,"
                                + " aggregation: constant, max_length: 24, std_epsilon: 1e-4}",
                        "reference={sync_every: 5, mixing: 0.6}",
                        "rollout.dynamic_sampling={max_attempts: 3}",
                        "rollout.truncated=penalise",
                        "rollout.overlong_buffer=6",
                        "rollout.top_p=0.9",
                        "training.positive_only=true"))
                .contains(
                        "trace      none",
                        "surrogate  clip 0.2/0.28, dual clip 3.0, one ratio a token, constant over 24",
                        "reference  auto, β 0.04, k1, follows every 5 steps with mixing 0.6",
                        "also       objective.std_epsilon 1.0E-4",
                        "rollout    4 prompts × 4 completions of at most 24 tokens, temperature 1.0, top_p 0.9",
                        "rewards    1.0 × answer + 0.5 × format + 1.0 × overlong",
                        "learns of  groups with different rewards, sampled in at most 3 attempts; the last 6 tokens"
                                + " penalised; completions with negative advantages left out");
    }

    @Test
    void whatIsComparedByItselfAndWhatACriticDoesIsTold() throws IOException {
        assertThat(lines("rewards_combine=normalise-then-sum"))
                .contains("rewards    1.0 × answer + 0.5 × format, each compared by itself");
        assertThat(lines("objective={preset: ppo}"))
                .contains("advantage  gae (γ 1.0, λ 0.95)")
                .anyMatch(line -> line.startsWith("critic     value head with learning rate 0.001"));
    }

    @Test
    void theUsualOnesNeedNoWords() throws IOException {
        assertThat(lines()).noneMatch(line -> line.startsWith("also"));
        assertThat(lines("objective.negative_clamp=-0.1")).contains("advantage  group-std, not below -0.1");
        assertThat(lines("rollout.truncated=mask")).anyMatch(line -> line.endsWith("truncated completions left out"));
    }
}
