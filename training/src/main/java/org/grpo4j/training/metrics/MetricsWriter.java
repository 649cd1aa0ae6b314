package org.grpo4j.training.metrics;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/**
 * Appends the metrics of every step to a file, one line of JSON a step, flushed so that a run can be watched and a crash
 * loses nothing. One thread at a time.
 */
public final class MetricsWriter implements AutoCloseable {

    private final BufferedWriter out;
    private final Set<Metric> required;

    private MetricsWriter(BufferedWriter out, Set<Metric> required) {
        this.out = out;
        this.required = required;
    }

    /**
     * Appends to {@code file}, which is created with its folders if need be.
     *
     * @param required metrics without which a step is refused
     */
    public static MetricsWriter append(Path file, Set<Metric> required) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new MetricsWriter(out, required);
    }

    /** Continues after {@code lastStep}: later lines, of steps that are about to be repeated, are dropped first. */
    public static MetricsWriter resume(Path file, int lastStep, Set<Metric> required) throws IOException {
        if (Files.exists(file)) {
            List<StepMetrics> kept = MetricsReader.read(file).stream()
                    .filter(step -> step.step() <= lastStep)
                    .toList();
            TextFile.write(file, out -> {
                for (StepMetrics step : kept) {
                    out.write(MetricsJson.write(step) + "\n");
                }
            });
        }
        return append(file, required);
    }

    /** Writes one line. NaN and infinities become null. */
    public void write(StepMetrics metrics) {
        // Step 0 is an evaluation before the first step and has nothing else to report.
        if (metrics.step() > 0) {
            metrics.require(required);
        }
        try {
            out.write(MetricsJson.write(metrics) + "\n");
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the metrics of step " + metrics.step() + " could not be written", e);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
