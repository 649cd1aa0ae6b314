package org.grpo4j.training.metrics;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.grpo4j.framework.io.AtomicFile;

/** Text files that are either complete or not there. */
public final class TextFile {

    private TextFile() {}

    /** Writes the text of a file. */
    @FunctionalInterface
    public interface Body {
        void writeTo(Writer out) throws IOException;
    }

    /**
     * Replaces {@code target} by what {@code body} writes, in UTF-8. If the body fails, the target is as it was before.
     * Missing folders are created.
     */
    public static void write(Path target, Body body) throws IOException {
        AtomicFile.write(target, out -> {
            Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
            body.writeTo(text);
            text.flush();
        });
    }
}
