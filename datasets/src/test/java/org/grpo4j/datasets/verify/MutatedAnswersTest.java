package org.grpo4j.datasets.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Answers of our pairs with a few signs put in, taken out or repeated: nearer to the parser's edges than random text. */
class MutatedAnswersTest {

    private static final int MUTANTS = 2;
    private static final String[] PIECES = {
        "\\frac",
        "\\sqrt",
        "\\boxed{",
        "}",
        "{",
        "^{",
        "10^",
        "!",
        "\\pm",
        "\\cup",
        "\\text{",
        "\\left",
        "\\sum_{k=1}^{9}",
        "\\binom{9}{4}",
        "\\sin",
        "\\log_",
        "99999",
        "\\begin{pmatrix}",
        "\\end{pmatrix}",
        "e9",
        "\\lfloor",
        "<think>",
        "</think>",
        "answer is ",
        "$",
        "|",
        "=",
        "<",
        ",",
        "_",
        "\u221A",
        "\\"
    };

    @Test
    void everyMutantIsJudgedTheSameFromBothSides() throws IOException {
        SplittableRandom random = new SplittableRandom(2025);
        for (JsonNode pair : pairs()) {
            String gold = pair.get("gold").asText();
            for (int i = 0; i < MUTANTS; i++) {
                String answer = mutated(pair.get("answer").asText(), random);
                assertThat(Verifier.verify(gold, answer).reason()).as(answer).isNotNull();
                String extracted = Verifier.extract(answer);
                if (extracted != null) {
                    assertThat(Verifier.equivalent(gold, extracted))
                            .as("%s and %s", gold, extracted)
                            .isEqualTo(Verifier.equivalent(extracted, gold));
                }
            }
        }
    }

    private static String mutated(String answer, SplittableRandom random) {
        StringBuilder text = new StringBuilder(answer);
        for (int edits = random.nextInt(1, 5); edits > 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(1, 10));
            switch (random.nextInt(3)) {
                case 0 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
                case 1 -> text.delete(at, end);
                default -> text.insert(at, text.substring(at, end));
            }
        }
        return text.toString();
    }

    private static List<JsonNode> pairs() throws IOException {
        List<JsonNode> pairs = new ArrayList<>();
        try (InputStream in = MutatedAnswersTest.class.getResourceAsStream("own-pairs.jsonl")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                pairs.add(new ObjectMapper().readTree(line));
            }
        }
        return pairs;
    }
}
