package org.grpo4j.training.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.InputException;

/** Reads what {@link MetricsWriter} wrote. */
public final class MetricsReader {

    private MetricsReader() {}

    /**
     * All steps of a file. A last line that was cut by a crash is left out.
     *
     * @throws InputException if another line is not that of a step, or the file is no text
     */
    public static List<StepMetrics> read(Path file) throws IOException {
        List<String> lines = text(file).lines().toList();
        List<StepMetrics> steps = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                steps.add(MetricsJson.read(lines.get(i)));
            } catch (JsonProcessingException | IllegalArgumentException e) {
                if (i < lines.size() - 1) {
                    throw new InputException(file + ":" + (i + 1) + ": not the metrics of a step", e);
                }
            }
        }
        return steps;
    }

    /** The names of a user's own metrics may be in any script, so a crash can leave half a letter at the end. */
    private static String text(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        if (StandardCharsets.UTF_8.newDecoder().decode(bytes, text, false).isError()) {
            throw new InputException(file + " is not text in UTF-8");
        }
        return text.flip().toString();
    }
}
