package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class ObjectiveConfigTest {

    @Test
    void writtenKeysAndValuesAreThoseOfTheConfigurationFile() throws Exception {
        JsonNode written = ObjectiveJson.MAPPER.valueToTree(ObjectiveConfig.grpoLambda(Style.BOTH));
        assertThat(written).isEqualTo(ObjectiveJson.MAPPER.readTree("""
                        {"trace": "e-trace", "style": "both", "gamma": 1.0, "lambda": 0.99, "trace_normalisation": "none",
                         "advantage": "group-std", "std_epsilon": 1e-6, "td_error": "constant", "negative_clamp": -0.1,
                         "ratio_level": "token", "surrogate": "clip", "clip_low": 0.2, "clip_high": 0.2,
                         "dual_clip": null, "aggregation": "sequence-mean", "max_length": null, "beta": 0.0, "kl": "k3",
                         "entropy_bonus": 0.0, "top_entropy": 1.0, "importance_correction": "none", "importance_cap": 2.0,
                         "lambda_schedule": null, "trace_tokens": "all", "trace_share": 0.2,
                         "match_gradient_norm": "none", "match_every": 1}
                        """));
        assertThat(ObjectiveJson.read(written, ObjectiveConfig.class))
                .isEqualTo(ObjectiveConfig.grpoLambda(Style.BOTH));
    }

    @Test
    void missingKeysAreThoseOfGrpo() throws Exception {
        assertThat(ObjectiveJson.MAPPER.readValue("{}", ObjectiveConfig.class)).isEqualTo(ObjectiveConfig.grpo());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    lambda           | 1.5      | lambda is 1.5 but must be 0.0 to 1.0
                    gamma            | -0.1     | gamma is -0.1 but must be 0.0 to 1.0
                    negative_clamp   | 0.0      | negative_clamp is 0.0 but must be a negative number or null
                    negative_clamp   | 0.1      | negative_clamp is 0.1 but must be a negative number or null
                    dual_clip        | 0.9      | dual_clip is 0.9 but must be a number above 1 or null
                    clip_low         | -0.2     | clip_low is -0.2 but must be a number of at least 0.0
                    max_length       | 0        | max_length is 0 but must be at least 1
                    aggregation      | constant | max_length is null; set max_length
                    trace            | e-tracer | trace is "e-tracer" but must be one of: none, e-trace, e-weight
                    lamda            | 0.9      | unknown key "lamda"; did you mean "lambda"?
                    clip             | 0.2      | did you mean
                    lambda           | high     | lambda
                    entropy_bonus    | -0.1     | entropy_bonus is -0.1 but must be a number of at least 0.0
                    top_entropy      | 0        | top_entropy is 0.0 but must be a share above 0 and at most 1
                    trace_share      | 1.5      | trace_share is 1.5 but must be a share above 0 and at most 1
                    importance_cap   | 0.5      | importance_cap is 0.5 but must be a number of at least 1.0
                    match_every      | 0        | match_every is 0 but must be at least 1
                    importance_correction | clipped | must be one of: none, truncated, masked
                    """)
    void wrongValuesAreRefusedByNameWithWhatIsAllowed(String key, String value, String message) throws Exception {
        String json = value.matches("[-0-9.]+") ? value : "\"" + value + "\"";
        JsonNode parsed = ObjectiveJson.MAPPER.readTree(json);
        assertThatThrownBy(() -> ObjectiveConfig.grpo().with(Map.of(key, parsed)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void forbiddenCombinationsSayWhatToChange() {
        assertRefused(Map.of("trace", "e-trace", "ratio_level", "sequence"), "set ratio_level: token or trace: none");
        assertRefused(Map.of("trace", "e-weight", "ratio_level", "sequence"), "set ratio_level: token or trace: none");
        assertRefused(Map.of("trace", "e-trace", "td_error", "terminal"), "set td_error: constant or trace: none");
        assertRefused(Map.of("dual_clip", 3, "surrogate", "cispo"), "set dual_clip: null or surrogate: clip");
        assertRefused(
                Map.of("top_entropy", 0.2, "ratio_level", "sequence"), "set top_entropy: 1 or ratio_level: token");
        assertRefused(Map.of("trace_tokens", "top-entropy"), "set a trace or trace_tokens: all");
        assertRefused(Map.of("match_gradient_norm", "grpo"), "set a trace or match_gradient_norm: none");
        assertRefused(
                Map.of("lambda_schedule", Map.of("final", 0.5, "steps", 9)), "nothing depends on lambda; set a trace");
        assertRefused(
                Map.of("trace", "position-weight", "ratio_level", "sequence"), "set ratio_level: token or trace: none");
        Map<String, String> keys = Map.of("trace", "e-trace");
        for (String wrong : new String[] {"{\"final\": 2, \"steps\": 1}", "{\"final\": 0, \"steps\": 0}"}) {
            assertThatThrownBy(() -> ObjectiveConfig.grpo()
                            .with(keys)
                            .with(Map.of("lambda_schedule", ObjectiveJson.MAPPER.readTree(wrong))))
                    .hasMessageContaining("but must be");
        }
        assertThatThrownBy(() -> ObjectiveConfig.grpo().with(keys).with(Map.of("lambda_schedule", Map.of("steps", 3))))
                .hasMessageContaining("final");
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', textBlock = """
                    "logp_old": [[-1.0], [-2.0, -1.0]] | "logp_old": [[-1.0], [-2.0]]   | logp_old[1] has 1 tokens but logp_new[1] has 2
                    "logp_new": [[-1.0], [-2.0, -1.0]] | "logp_new": [[-1.0], []]       | logp_new[1] is an empty completion
                    "logp_new": [[-1.0], [-2.0, -1.0]] | "logp_new": [[-1.0], [null, 1]]| logp_new[1]
                    "groups": [0, 0]                   | "groups": [0]                  | groups has 1 entries but there are 2 rewards
                    "groups": [0, 0]                   | "gruops": [0, 0]               | unknown key "gruops"; did you mean "groups"?
                    "config": {}                       | "config": {"beta": 0.1}        | logp_ref is null
                    "config": {}                       | "config": {"lamda": 1}         | unknown key "config.lamda"; did you mean "lambda"?
                    "config": {}                       | "config": {"lambda": 1.5}      | lambda is 1.5
                    "config": {}                       | "config": {                    | not valid JSON in line
                    "config": {}                       | "entropies": null              | config is missing
                    "rewards": [1, 0]                  | "rewards": [1, "0"]            | rewards
                    "config": {}                       | "config": {"entropy_bonus": 1} | entropies is null
                    "config": {}                       | "config": {"top_entropy": 0.5} | entropies is null
                    "config": {}                       | "config": {"importance_correction": "masked"} | set importance_correction: none
                    """)
    void brokenCasesAreRefusedWithTheirPlace(String right, String wrong, String message) {
        String json = """
                {"name": "x", "case": {"rewards": [1, 0], "groups": [0, 0], "logp_new": [[-1.0], [-2.0, -1.0]],
                 "logp_old": [[-1.0], [-2.0, -1.0]], "logp_ref": null, "config": {}}}
                """;
        assertThat(ObjectiveCase.parse(json).run(DataType.DOUBLE).name()).isEqualTo("x");
        assertThat(json).contains(right);
        assertThatThrownBy(() -> ObjectiveCase.parse(json.replace(right, wrong)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static void assertRefused(Map<String, Object> keys, String message) {
        assertThatThrownBy(() -> ObjectiveConfig.grpo().with(new HashMap<>(keys)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
