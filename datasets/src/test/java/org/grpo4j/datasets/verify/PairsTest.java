package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pairs of gold and answer with what is known of them: the reference pairs, and pairs of our own in the same format. */
class PairsTest {

    private static final double AT_LEAST = 0.98;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"pairs.jsonl", "own-pairs.jsonl"})
    void judgesThePairsWithoutAFalsePositive(String file) throws IOException {
        List<String> missed = new ArrayList<>();
        List<String> falsePositives = new ArrayList<>();
        List<JsonNode> pairs = pairs(file);
        for (JsonNode pair : pairs) {
            Verification result = Verifier.verify(pair.get("gold").asText(), answer(pair));
            if (result.correct() != pair.get("expected").asBoolean()) {
                String failure = pair.get("id").asText() + " (" + result.reason() + ")";
                (result.correct() ? falsePositives : missed).add(failure);
            }
        }
        assertThat(falsePositives).as("called right although wrong").isEmpty();
        assertThat(1 - (double) missed.size() / pairs.size())
                .as("share judged as expected; called wrong although right: %s", missed)
                .isGreaterThanOrEqualTo(AT_LEAST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pairs.jsonl", "own-pairs.jsonl"})
    void equivalenceDoesNotDependOnTheSide(String file) throws IOException {
        for (JsonNode pair : pairs(file)) {
            String answer = pair.has("answer") ? Verifier.extract(answer(pair)) : null;
            if (answer != null) {
                String gold = pair.get("gold").asText();
                assertThat(Verifier.equivalent(gold, answer))
                        .as("%s: %s and %s", pair.get("id"), gold, answer)
                        .isEqualTo(Verifier.equivalent(answer, gold));
            }
        }
    }

    private static List<JsonNode> pairs(String file) throws IOException {
        List<JsonNode> pairs = new ArrayList<>();
        try (InputStream in = PairsTest.class.getResourceAsStream(file)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                pairs.add(JSON.readTree(line));
            }
        }
        return pairs;
    }

    private static String answer(JsonNode pair) {
        if (pair.has("answer")) {
            return pair.get("answer").asText();
        }
        JsonNode repeat = pair.get("answer_repeat");
        return repeat.get("prefix").asText()
                + repeat.get("unit").asText().repeat(repeat.get("times").asInt())
                + repeat.get("suffix").asText();
    }
}
