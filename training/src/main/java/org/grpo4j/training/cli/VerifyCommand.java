package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.grpo4j.datasets.verify.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grpo4j verify}. */
@Command(
        name = "verify",
        description = "Check completions against right answers.",
        footer = {
            "",
            "Reads {\"id\",\"gold\",\"answer\"} lines and writes {\"id\",\"correct\",\"gold_parsed\",\"answer_parsed\",\"reason\"}"
                    + " lines. The gold may be a list of alternatives. In place of answer, answer_repeat"
                    + " {\"prefix\",\"unit\",\"times\",\"suffix\"} spells a long one."
        })
final class VerifyCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

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
        Verification result = VerifyPair.of(line).verify();
        ObjectNode row = JSON.createObjectNode();
        row.set(
                "id",
                line.node().path("id").isMissingNode() ? null : line.node().get("id"));
        return row.put("correct", result.correct())
                .put("gold_parsed", result.goldParsed())
                .put("answer_parsed", result.answerParsed())
                .put("reason", result.reason().toString());
    }
}
