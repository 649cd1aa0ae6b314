package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.function.Supplier;
import org.grpo4j.training.metrics.TextFile;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options {@code --json} and {@code --output}, as a {@link Mixin}. */
class JsonOutput extends Output {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    /** Writes one object: as a line of JSON, or as text for people. */
    final void write(JsonNode tree, Supplier<String> text) throws IOException {
        write(tree, out -> out.write(text.get().stripTrailing() + "\n"));
    }

    /** The same for an object that is a tree or made of plain values, with a text that is written piece by piece. */
    final void write(Object value, TextFile.Body text) throws IOException {
        if (json) {
            write(out -> out.write(JSON.writeValueAsString(value) + "\n"));
        } else {
            write(text);
        }
    }
}
