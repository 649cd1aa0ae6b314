package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.grpo4j.models.tokenizer.Tokenizer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A tokenizer and the texts for it, as a {@link Mixin}. */
final class TokenizerOptions {

    @Option(
            names = "--tokenizer",
            required = true,
            paramLabel = "DIR",
            description = "A folder with tokenizer.json, such as a checkpoint.")
    private Path folder;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "JSON lines with the field text; - is standard input.")
    private Path input;

    Path input() {
        return input;
    }

    /** The tokenizer, to be closed by the caller. */
    Tokenizer load() {
        return Tokenizer.load(ModelFolder.of(folder));
    }

    /** What is done with each text. */
    @FunctionalInterface
    interface Action {
        void accept(String text) throws IOException;
    }

    void forEachText(Action action) throws IOException {
        JsonLines.forEach(input, line -> action.accept(line.text("text")));
    }
}
