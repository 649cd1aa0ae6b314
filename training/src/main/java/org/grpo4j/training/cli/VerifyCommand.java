package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.verify.Verification;
import org.grpo4j.datasets.verify.Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j verify}. */
@Command(
        name = "verify",
        description = "Check completions against right answers.",
        footer = {
            "",
            "Reads {\"id\",\"gold\",\"answer\"} lines and writes {\"id\",\"correct\",\"gold_parsed\",\"answer_parsed\"} lines. The"
                    + " gold may be a list of alternatives. In place of answer, answer_repeat"
                    + " {\"prefix\",\"unit\",\"times\",\"suffix\"} spells a long one."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_REPEAT = 16 << 20;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with the fields id, gold and answer; - is standard input.")
    private Path input;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        output.write(out -> JsonLines.forEach(input, line -> out.write(JSON.writeValueAsString(row(line)) + "\n")));
        return 0;
    }

    private static ObjectNode row(JsonLine line) {
        Verification result = Verifier.verify(golds(line), answer(line));
        ObjectNode row = JSON.createObjectNode();
        row.set(
                "id",
                line.node().path("id").isMissingNode() ? null : line.node().get("id"));
        return row.put("correct", result.correct())
                .put("gold_parsed", result.goldParsed())
                .put("answer_parsed", result.answerParsed());
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

    private static String answer(JsonLine line) {
        JsonNode repeat = line.node().path("answer_repeat");
        if (!repeat.isObject()) {
            return line.text("answer");
        }
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
