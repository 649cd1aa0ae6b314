package org.grpo4j.training.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightedRewardsTest {

    private final RewardRegistry registry =
            RewardRegistry.standard((gold, completion) -> completion.endsWith(gold), 100);

    @Test
    void sumsTheWeightedComponentsOfAConfiguration() throws Exception {
        List<RewardConfig> configs = new ObjectMapper(new YAMLFactory())
                .readValue(
                        "[{name: answer}, {name: format, weight: 0.1}, {name: length, weight: 0.5}]",
                        new TypeReference<>() {});
        WeightedRewards.Score score = registry.build(configs).score(completion("so #### 42", 90, false));
        assertThat(score.values())
                .containsExactly(Map.entry("answer", 1.0), Map.entry("format", 1.0), Map.entry("length", -0.5));
        assertThat(score.total()).hasValueCloseTo(0.85, within(1e-12));
        assertThat(score.isUsable()).isTrue();
    }

    @Test
    void rewardThatThrowsIsReportedAndNotCountedAsZero() {
        registry.register("broken", config -> context -> {
            throw new IllegalStateException("no verdict");
        });
        registry.register("nan", config -> context -> Double.NaN);
        WeightedRewards.Score score = registry.build(
                        List.of(RewardConfig.of("answer", 1), RewardConfig.of("broken", 1), RewardConfig.of("nan", 1)))
                .score(completion("42", 1, false));
        assertThat(score.isUsable()).isFalse();
        assertThat(score.total()).isEmpty();
        assertThat(score.values()).containsOnlyKeys("answer");
        assertThat(score.failures()).containsOnlyKeys("broken", "nan");
        assertThat(score.failures().get("broken")).contains("no verdict");
    }

    @Test
    void aSumThatIsNoNumberIsAFailure() {
        registry.register("huge", config -> context -> Double.MAX_VALUE);
        WeightedRewards.Score score =
                registry.build(List.of(RewardConfig.of("huge", 2))).score(completion("42", 1, false));
        assertThat(score.isUsable()).isFalse();
        assertThat(score.failures().get("sum")).contains("Infinity");
    }

    @Test
    void anyOfSeveralGoldAnswersCounts() {
        AnswerReward answer = new AnswerReward((gold, completion) -> completion.equals(gold));
        assertThat(answer.score(new RewardContext("p", List.of("1/2", "0.5"), "0.5", 3, false)))
                .isEqualTo(1);
        assertThat(answer.score(new RewardContext("p", List.of("1/2", "0.5"), "0.6", 3, false)))
                .isZero();
        assertThatThrownBy(() -> answer.score(new RewardContext("p", List.of(), "0.6", 3, false)))
                .hasMessageContaining("no gold answer");
    }

    @ParameterizedTest
    @CsvSource({"so \\boxed{7}, 1", "\\boxed{ }, 0", "#### 7, 1", "####, 0", "the answer is 7, 0"})
    void formatAsksForAMarkedAnswer(String completion, double expected) {
        assertThat(FormatReward.markedAnswer().score(completion(completion, 5, false)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, false, 0", "80, false, 0", "90, false, -0.5", "100, false, -1", "120, false, -1", "10, true, -1"})
    void lengthPenaltyGrowsLinearlyOverTheCache(int tokens, boolean truncated, double expected) {
        assertThat(new OverlongPenalty(100, 20).score(completion("x", tokens, truncated)))
                .isEqualTo(expected);
    }

    @Test
    void unknownRepeatedAndBrokenSettingsAreRefused() {
        assertThatThrownBy(() -> registry.build(List.of(RewardConfig.of("anwser", 1))))
                .hasMessageContaining("\"anwser\"")
                .hasMessageContaining("answer, format, length");
        assertThatThrownBy(() -> registry.build(List.of(RewardConfig.of("answer", 1), RewardConfig.of("answer", 1))))
                .hasMessageContaining("listed twice");
        assertThatThrownBy(() -> registry.build(List.of())).hasMessageContaining("rewards is empty");
        assertThatThrownBy(() -> registry.build(List.of(new RewardConfig("format", 1, "(", null, null, 1))))
                .hasMessageContaining("not a regular expression");
        assertThatThrownBy(() -> registry.build(List.of(new RewardConfig("length", 1, null, 10, 11, 1))))
                .hasMessageContaining("cache_tokens is 11");
        assertThatThrownBy(() -> RewardConfig.of("answer", Double.NaN)).hasMessageContaining("finite");
    }

    private static RewardContext completion(String text, int tokens, boolean truncated) {
        return new RewardContext("what is 40 + 2?", List.of("42"), text, tokens, truncated);
    }
}
