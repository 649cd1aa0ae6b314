package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.grpo4j.models.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code grpo4j tokenize}. */
@Command(
        name = "tokenize",
        description = "Token ids of texts, and the texts they decode to.",
        footer = {
            "",
            "Reads {\"text\"} lines and writes {\"ids\",\"ids_special\",\"decoded\"} lines: ids without and with the special"
                    + " tokens that the tokenizer adds, and what the former decode to."
        })
final class TokenizeCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private TokenizerOptions source;

    @Mixin
    private Output output;

    @Override
    public Integer call() throws IOException {
        try (Tokenizer tokenizer = source.load()) {
            output.write(out ->
                    source.forEachText(text -> out.write(JSON.writeValueAsString(row(tokenizer, text)) + "\n")));
        }
        return 0;
    }

    private static ObjectNode row(Tokenizer tokenizer, String text) {
        int[] ids = tokenizer.encode(text, false);
        ObjectNode row = JSON.createObjectNode();
        row.set("ids", JSON.valueToTree(ids));
        row.set("ids_special", JSON.valueToTree(tokenizer.encode(text, true)));
        return row.put("decoded", tokenizer.decode(ids, false));
    }
}
