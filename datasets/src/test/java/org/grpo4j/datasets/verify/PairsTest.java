package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference pairs: how many are judged as they should, and none called right that is wrong. */
class PairsTest {

    /** Raised whenever the verifier learns more. */
    private static final double AT_LEAST = 0.95;

    @Test
    void judgesThePairsInTimeWithoutAFalsePositive() throws IOException {
        List<String> missed = new ArrayList<>();
        List<String> falsePositives = new ArrayList<>();
        List<String> late = new ArrayList<>();
        List<JsonNode> pairs = pairs();
        for (JsonNode pair : pairs) {
            long start = System.nanoTime();
            boolean correct =
                    Verifier.verify(pair.get("gold").asText(), answer(pair)).correct();
            if ((System.nanoTime() - start) / 1_000_000 > pair.path("max_ms").asLong(1000)) {
                late.add(pair.get("id").asText());
            }
            if (correct != pair.get("expected").asBoolean()) {
                (correct ? falsePositives : missed).add(pair.get("id").asText());
            }
        }
        assertThat(falsePositives).isEmpty();
        assertThat(late).isEmpty();
        assertThat(1 - (double) missed.size() / pairs.size())
                .as("missed %s", missed)
                .isGreaterThan(AT_LEAST);
    }

    private static List<JsonNode> pairs() throws IOException {
        List<JsonNode> pairs = new ArrayList<>();
        try (InputStream in = PairsTest.class.getResourceAsStream("pairs.jsonl")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                pairs.add(new ObjectMapper().readTree(line));
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
