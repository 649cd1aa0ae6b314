package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.grpo4j.training.metrics.TextFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option {@code --output}, as a {@link Mixin}. */
class Output {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write to this file instead of standard output; it appears only when complete.")
    private @Nullable Path file;

    /** Whether the output goes to a file, and not to standard output. */
    final boolean isFile() {
        return file != null;
    }

    /** Sends what {@code body} writes to the file, or to standard output. If it fails, there is no file. */
    final void write(TextFile.Body body) throws IOException {
        if (file != null) {
            TextFile.write(file, body);
            return;
        }
        PrintWriter out = command.commandLine().getOut();
        body.writeTo(out);
        out.flush();
    }
}
