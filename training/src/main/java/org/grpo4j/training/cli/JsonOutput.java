package org.grpo4j.training.cli;

import java.io.IOException;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options {@code --json} and {@code --output}, as a {@link Mixin}. */
class JsonOutput extends Output {

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    final boolean json() {
        return json;
    }

    /** Writes one object: as a line of JSON, or as text for people. */
    final void write(Object tree, Supplier<String> text) throws IOException {
        write(out -> out.write((json ? tree.toString() : text.get().stripTrailing()) + "\n"));
    }
}
