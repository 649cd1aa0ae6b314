package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.datasets.verify.Verification;
import org.grpo4j.datasets.verify.Verifier;

/**
 * One line of a file of answers to check.
 *
 * @param golds alternatives, of which any is right
 * @param answer a whole completion
 * @param repeated whether the answer was spelled by {@code answer_repeat}
 */
record VerifyPair(List<String> golds, String answer, boolean repeated) {

    private static final int LONGEST_REPEAT = 16 << 20;

    /** @throws org.grpo4j.framework.InputException if a field is missing or of another type */
    static VerifyPair of(JsonLine line) {
        boolean repeated = line.node().path("answer_repeat").isObject();
        return new VerifyPair(golds(line), repeated ? repeated(line) : line.text("answer"), repeated);
    }

    Verification verify() {
        return Verifier.verify(golds, answer);
    }

    private static List<String> golds(JsonLine line) {
        JsonNode gold = line.node().path("gold");
        if (!gold.isArray()) {
            return List.of(line.text("gold"));
        }
        List<String> golds = new ArrayList<>();
        for (JsonNode alternative : gold) {
            if (!alternative.isTextual()) {
                throw line.error("\"gold\" must be a text or a list of texts, found " + alternative);
            }
            golds.add(alternative.textValue());
        }
        return golds;
    }

    private static String repeated(JsonLine line) {
        JsonNode repeat = line.node().path("answer_repeat");
        String unit = repeat.path("unit").asText();
        int times = repeat.path("times").asInt(-1);
        if (times < 0 || (long) times * unit.length() > LONGEST_REPEAT) {
            throw line.error("\"answer_repeat\" must give at most " + LONGEST_REPEAT + " characters, by a times of 0 or"
                    + " more");
        }
        return repeat.path("prefix").asText()
                + unit.repeat(times)
                + repeat.path("suffix").asText();
    }
}
