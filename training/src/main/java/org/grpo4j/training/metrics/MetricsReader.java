package org.grpo4j.training.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
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
     * @throws InputException if another line is not that of a step
     */
    public static List<StepMetrics> read(Path file) throws IOException {
        // The names of a user's own metrics may be in any script, and a crash can leave half a letter.
        List<String> lines = new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
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
}
