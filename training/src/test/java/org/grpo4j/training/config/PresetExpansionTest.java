package org.grpo4j.training.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.ObjectivePresets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PresetExpansionTest {

    static List<String> names() {
        return ObjectivePresets.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyPresetIsAnObjectiveByNameAlone(String name) {
        ObjectiveConfig expected = ObjectiveConfig.preset(name, Map.of("max_length", 24));
        ObjectiveConfig objective = objective("{}", "objective.preset=" + name, "objective.max_length=24");
        assertThat(objective).isEqualTo(expected);
        assertThat(objective("{preset: " + name + ", max_length: 24}")).isEqualTo(expected);
    }

    @Test
    void keysBesideAPresetOverrideIt() {
        assertThat(objective("{lambda: 0.95, preset: grpo-lambda-both, negative_clamp: null}"))
                .isEqualTo(ObjectiveConfig.grpo().with(Map.of("trace", "e-trace", "style", "both", "lambda", 0.95)));
        assertThat(objective("{lambda: 0.9}", "objective.preset=grpo-lambda", "objective.gamma=0.5")
                        .decay())
                .isEqualTo(0.45);
    }

    @Test
    void drGrpoDividesByTheLongestCompletionUnlessItIsTold() {
        assertThat(objective("{preset: dr-grpo}", "rollout.max_new_tokens=48").maxLength())
                .isEqualTo(48);
        assertThat(objective("{preset: dr-grpo}").maxLength()).isEqualTo(64);
        assertThat(objective("{preset: dr-grpo, max_length: 100}").maxLength()).isEqualTo(100);
    }

    @Test
    void theEffectiveConfigurationNamesTheSwitches() {
        assertThat(ConfigYaml.write(config("{preset: dapo}")))
                .contains("clip_high: 0.28")
                .doesNotContain("preset");
    }

    @Test
    void furtherSwitchesAreReadAndWrittenBack() {
        TrainConfig config = config(
                "{preset: grpo-lambda-both, lambda_schedule: {final: 0.9, steps: 100, shape: cosine}, entropy_bonus: 0.01}",
                "objective.top_entropy=0.2",
                "objective.importance_correction=masked",
                "objective.trace_tokens=top-entropy",
                "objective.match_gradient_norm=grpo");
        assertThat(config.objective().at(101).lambda()).isEqualTo(0.9);
        String written = ConfigYaml.write(config);
        assertThat(written).contains("final: 0.9").contains("trace_tokens: top-entropy");
        assertThat(ConfigLoader.parse(written, "dump.yaml", TrainConfig.class, List.of()))
                .isEqualTo(config);
        assertRefused("{trace: e-trace, lambda_schedule: {steps: 3}}", "objective.lambda_schedule.final is missing");
    }

    @Test
    void wrongNamesAndCombinationsAreRefused() {
        assertRefused(
                "{preset: dappo}", "test:6: objective.preset: there is no preset \"dappo\"; did you mean \"dapo\"?");
        assertRefused("{preset: [dapo]}", "objective.preset must be the name of a preset");
        assertRefused("{preset: gspo, trace: e-trace}", "ratio_level is sequence together with a trace");
        assertRefused("{preset: cispo, dual_clip: 3}", "dual_clip is set together with surrogate cispo");
    }

    private static void assertRefused(String objective, String message) {
        assertThatThrownBy(() -> objective(objective))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private static ObjectiveConfig objective(String objective, String... overrides) {
        return config(objective, overrides).objective();
    }

    private static TrainConfig config(String objective, String... overrides) {
        List<String> all = new ArrayList<>(List.of(overrides));
        return ConfigLoader.parse("""
                output: runs/one
                model: {path: checkpoints/start}
                data: {path: data/train}
                optimiser: {learning_rate: 1e-4}
                training: {steps: 5}
                objective: %s
                """.formatted(objective), "test", TrainConfig.class, all);
    }
}
