package org.grpo4j.training.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.training.reward.RewardConfig;
import org.grpo4j.training.reward.RewardsCombine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {

    private static final String TRAIN = """
            output: runs/one
            model:
              path: checkpoints/start
            data:
              path: data/train
            rollout:
              group_size: 4
            objective: {trace: e-trace, lambda: 0.99}
            optimiser:
              learning_rate: 1e-4
            training:
              steps: 5
            """;

    @Test
    void whatIsLeftOutHasItsDefault() {
        TrainConfig config = train();
        assertThat(config.output()).isEqualTo(Path.of("runs/one"));
        assertThat(config.rollout().groupSize()).isEqualTo(4);
        assertThat(config.rollout().temperature()).isEqualTo(1.0);
        assertThat(config.optimiser().learningRate()).isEqualTo(1e-4);
        assertThat(config.optimiser().maxGradientNorm()).isEqualTo(1.0);
        assertThat(config.rewards()).containsExactly(RewardConfig.of("answer", 1.0));
        assertThat(config.evaluation()).isNull();
        assertThat(config.data().promptTemplate()).isEqualTo("plain");
    }

    @Test
    void overridesAreTypedAndComeLast() {
        TrainConfig config = train(
                "rollout.group_size=16",
                "optimiser.schedule=cosine",
                "optimiser.max_gradient_norm=null",
                "rollout.stop=[\"\\n\", end]",
                "rewards=[{name: answer}, {name: format}]",
                "rewards.1.weight=2",
                "evaluation.data.path=held/out",
                "rollout.group_size=8");
        assertThat(config.rollout().groupSize()).isEqualTo(8);
        assertThat(config.rollout().stop()).containsExactly("\n", "end");
        assertThat(config.optimiser().schedule()).isEqualTo(OptimiserSection.Schedule.COSINE);
        assertThat(config.optimiser().maxGradientNorm()).isNull();
        assertThat(config.evaluation()).isNotNull();
        assertThat(config.rewards()).last().isEqualTo(RewardConfig.of("format", 2));
    }

    @Test
    void theEffectiveConfigurationReadsBackEqual() {
        TrainConfig config = train(
                "evaluation.data.path='007'",
                "rollout.stop=['no', '1.5', \"a\\nb\"]",
                "data.chat=true",
                "data.chat_options={enable_thinking: false, date_string: '26 Jul 2024'}",
                "data.system_prompt=Be kind.");
        String yaml = ConfigYaml.write(config);
        assertThat(yaml).contains("group_size: 4").contains("schedule: constant");
        assertThat(ConfigLoader.parse(yaml, "dump.yaml", TrainConfig.class, List.of()))
                .isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rollout.group_sise=8            | rollout.group_sise is not a known key; did you mean rollout.group_size?
                    rolout.group_size=8             | rolout is not a known key; did you mean rollout?
                    training.xyzzyplugh=1           | training.xyzzyplugh is not a known key; known here: steps,
                    rollout.group_size=many         | rollout.group_size must be a whole number, found the text 'many'
                    rollout.group_size=2.5          | rollout.group_size must be a whole number, found 2.5
                    rollout.group_size=99999999999  | rollout.group_size must be a whole number from
                    rollout.group_size=             | rollout.group_size has no value
                    rollout=3                       | rollout: expected keys and values, found 3
                    rollout.stop=x                  | rollout.stop must be a list, found the text 'x'
                    rollout.stop=[3]                | rollout.stop.0 must be a text, found 3; put it in quotes
                    optimiser.schedule=cosin        | must be one of constant, cosine, found the text 'cosin'; did you mean cosine?
                    optimiser.learning_rate=high    | optimiser.learning_rate must be a number, found the text 'high'
                    optimiser.beta1=1               | optimiser: beta1 must be at least 0.0 and below 1.0, found 1.0
                    rollout.temperature=0           | rollout: temperature must be above 0, found 0.0
                    rollout.group_size=1            | rollout.group_size must be at least 2, because objective.advantage group-std
                    data.prompt_template=solve      | data: prompt_template must contain {problem} or be a known name, found 'solve'; known are plain, boxed,
                    data.prompt_template=boxd       | found 'boxd'; did you mean boxed?
                    data.system_prompt=hi           | data: system_prompt and chat_options need chat: true
                    data.chat_options={a: 1}        | data: system_prompt and chat_options need chat: true
                    data.chat=maybe                 | data.chat must be true or false
                    data={path: x, prompt_template: qwen-math, chat: true} | prompt_template qwen-math has chat turns of its own
                    model.init.layers=2             | model: give either path
                    rewards=[]                      | rewards must name at least one
                    rewards.3.weight=1              | 3 is not an entry of a list
                    output.deeper=1                 | there is no key deeper below a plain value
                    training.steps=[                | the value is not valid YAML
                    steps                           | expected a key, '=' and a value
                    """)
    void badValuesAreNamed(String override, String message) {
        assertThatThrownBy(() -> train("rewards=[{name: answer}]", override))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void whatAStepLearnsOfIsConfigured() {
        TrainConfig plain = train();
        assertThat(plain.rollout().dynamicSampling()).isNull();
        assertThat(plain.rollout().truncated()).isEqualTo(RolloutSection.Truncated.KEEP);
        assertThat(plain.rewardsCombine()).isEqualTo(RewardsCombine.SUM_THEN_NORMALISE);
        assertThat(plain.training().positiveOnly()).isFalse();
        TrainConfig set = train(
                "rollout.dynamic_sampling={max_attempts: 3}",
                "rollout.truncated=mask",
                "rewards_combine=normalise-then-sum",
                "training.positive_only=true");
        assertThat(set.rollout().dynamicSampling()).isEqualTo(new DynamicSamplingSection(3));
        assertThat(train("rollout.truncated=penalise", "rollout.max_new_tokens=100")
                        .rollout()
                        .overlongTokens())
                .isEqualTo(20);
        assertThat(set.rewardsCombine()).isEqualTo(RewardsCombine.NORMALISE_THEN_SUM);
        assertThat(set.training().positiveOnly()).isTrue();
        assertThat(train("rollout.dynamic_sampling={}").rollout().dynamicSampling())
                .isEqualTo(new DynamicSamplingSection(4));
        assertThat(ConfigLoader.parse(ConfigYaml.write(set), "again.yaml", TrainConfig.class, List.of()))
                .isEqualTo(set);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    rollout.dynamic_sampling.max_attempts=0 | training.steps=5 | max_attempts must be at least 1
                    rollout.truncated=penalise | rewards_combine=normalise-then-sum | would blow up the penalty
                    rollout.overlong_buffer=5 | training.steps=5 | set truncated: penalise with it, found keep
                    rollout.truncated=penalise | rollout.overlong_buffer=65 | must be 1 to max_new_tokens (64), found 65
                    rollout.truncated=penalise | rollout.overlong_buffer=0 | must be 1 to max_new_tokens (64), found 0
                    rollout.truncated=masked | training.steps=5 | did you mean mask?
                    rewards_combine=normalise-then-sum | objective.advantage=group-mean | divides by no standard deviation
                    rewards_combine=normalise-then-sum | objective.advantage=leave-one-out | divides by no standard deviation
                    training.positive_only=true | objective.negative_clamp=-0.1 | set one of them only
                    """)
    void settingsThatDoNotFitTogetherAreRefused(String first, String second, String message) {
        assertThatThrownBy(() -> train(first, second))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void errorsPointAtTheLineOrTheOverride() {
        assertThatThrownBy(() ->
                        ConfigLoader.parse(TRAIN.replace("steps", "stepz"), "run.yaml", TrainConfig.class, List.of()))
                .hasMessage("run.yaml:12: training.stepz is not a known key; did you mean training.steps?");
        assertThatThrownBy(() -> train("training.seed=x")).hasMessageStartingWith("--set training.seed=x: ");
    }

    @Test
    void whatHasNoDefaultMustBeGiven() {
        assertThatThrownBy(() -> ConfigLoader.parse("model: {path: m}", "run.yaml", TrainConfig.class, List.of()))
                .hasMessage("run.yaml: output is missing; it has no default");
        assertThatThrownBy(() -> ConfigLoader.parse("", "run.yaml", TrainConfig.class, List.of()))
                .isInstanceOf(ConfigException.class);
    }

    @Test
    void brokenYamlIsReportedWithItsLine() {
        assertThatThrownBy(() -> ConfigLoader.parse("a: 1\nb: [1,\n", "run.yaml", TrainConfig.class, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("run.yaml:")
                .hasMessageContaining("not valid YAML");
        assertThatThrownBy(() -> ConfigLoader.parse("output: a\noutput: b\n", "run.yaml", TrainConfig.class, List.of()))
                .hasMessageContaining("Duplicate field");
        assertThatThrownBy(() -> ConfigLoader.parse("- 1\n", "run.yaml", TrainConfig.class, List.of()))
                .hasMessage("run.yaml: expected keys and values at the top, found a list");
        assertThatThrownBy(() -> ConfigLoader.load(Path.of("nowhere.yaml"), TrainConfig.class, List.of()))
                .hasMessage("nowhere.yaml: there is no such configuration file");
    }

    @Test
    void aRecordMayNameItsDefaultsAsAWhole() {
        assertThat(ConfigLoader.parse("low: 0.3", "run.yaml", Whole.class, List.of()))
                .isEqualTo(new Whole(0.3, null, Kind.PLAIN_TEXT));
        assertThat(ConfigLoader.parse("{high: 2, kind: plain-text}", "run.yaml", Whole.class, List.of()))
                .isEqualTo(new Whole(0.1, 2.0, Kind.PLAIN_TEXT));
    }

    @Test
    void theNearestNameCountsASwapAsOneEdit() {
        assertThat(ConfigNames.edits("lamdba", "lambda")).isEqualTo(1);
        assertThat(ConfigNames.edits("", "abc")).isEqualTo(3);
        assertThat(ConfigNames.nearest("qqqq", List.of("steps", "seed"))).isEmpty();
    }

    record Whole(double low, @Nullable Double high, Kind kind) {
        static Whole defaults() {
            return new Whole(0.1, null, Kind.PLAIN_TEXT);
        }
    }

    enum Kind {
        PLAIN_TEXT
    }

    private static TrainConfig train(String... overrides) {
        return ConfigLoader.parse(TRAIN, "run.yaml", TrainConfig.class, List.of(overrides));
    }

    @Test
    void longKeysAndFilesCostLittle(@TempDir Path folder) throws IOException {
        String key = TRAIN + "y".repeat(1_000) + ": 1\n";
        assertThatThrownBy(() -> ConfigLoader.parse(key, "run.yaml", TrainConfig.class, List.of()))
                .isInstanceOf(ConfigException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(1_000))
                .hasMessageContaining("is not a known key; known here:");
        // The table of edits to the nearest known value would have a row a character.
        String value = TRAIN.replace("e-trace", "y".repeat(100_000));
        assertThatThrownBy(() -> ConfigLoader.parse(value, "run.yaml", TrainConfig.class, List.of()))
                .isInstanceOf(ConfigException.class)
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(1_000))
                .hasMessageContaining("objective.trace must be one of");
        Path file = Files.writeString(folder.resolve("run.yaml"), TRAIN + "#" + "y".repeat(1 << 17));
        assertThatThrownBy(() -> ConfigLoader.load(file, TrainConfig.class, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("which is no configuration");
    }
}
