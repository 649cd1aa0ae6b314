package org.grpo4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {

    @TempDir
    private Path folder;

    @Test
    void everyStepIsOneLineAndComesBackAsItWas() throws IOException {
        Path file = folder.resolve("run/metrics.jsonl");
        StepMetrics step = StepMetrics.at(1)
                .put(Metric.REWARD_MEAN, 0.1 + 0.2)
                .put("of_my_own", -1e-300)
                .seconds(Map.of("rollout", 1.25))
                .build();
        try (MetricsWriter writer = MetricsWriter.append(file, Set.of())) {
            writer.write(step);
            assertThat(Files.readAllLines(file)).as("flushed").hasSize(1);
            writer.write(StepMetrics.at(2).build());
        }
        assertThat(Files.readString(file))
                .isEqualTo("{\"step\":1,\"reward_mean\":0.30000000000000004,\"of_my_own\":-1.0E-300,"
                        + "\"seconds\":{\"rollout\":1.25}}\n{\"step\":2}\n");
        assertThat(MetricsReader.read(file)).first().isEqualTo(step);
    }

    @Test
    void whatIsNotANumberIsWrittenAsNull() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsWriter writer = MetricsWriter.append(file, Set.of())) {
            writer.write(StepMetrics.at(1)
                    .put("nan", Double.NaN)
                    .put("infinite", Double.NEGATIVE_INFINITY)
                    .build());
        }
        assertThat(Files.readString(file)).isEqualTo("{\"step\":1,\"nan\":null,\"infinite\":null}\n");
        assertThat(MetricsReader.read(file).get(0).value("nan")).isEmpty();
    }

    @Test
    void aStepWithoutARequiredMetricIsRefused() throws IOException {
        try (MetricsWriter writer = MetricsWriter.append(folder.resolve("metrics.jsonl"), Metric.SUPERVISED)) {
            assertThatThrownBy(() ->
                            writer.write(StepMetrics.at(3).put(Metric.LOSS, 1).build()))
                    .hasMessageContaining("step 3 reports no gradient_norm");
        }
    }

    @Test
    void resumingDropsTheStepsThatAreRepeated() throws IOException {
        Path file = folder.resolve("metrics.jsonl");
        try (MetricsWriter writer = MetricsWriter.append(file, Set.of())) {
            for (int step = 1; step <= 4; step++) {
                writer.write(StepMetrics.at(step).build());
            }
        }
        Files.writeString(file, "{\"step\":5,\"rew", StandardOpenOption.APPEND);
        try (MetricsWriter writer = MetricsWriter.resume(file, 2, Set.of())) {
            writer.write(StepMetrics.at(3).build());
        }
        assertThat(MetricsReader.read(file)).extracting(StepMetrics::step).containsExactly(1, 2, 3);
    }

    /** The disk was full in the middle of the name of a reward, and of the λ in it. */
    @Test
    void aLineThatEndsWithinACharacterIsLeftOut() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), "{\"step\":1}\n{\"step\":2,\"reward_");
        Files.write(file, new byte[] {(byte) 0xce}, StandardOpenOption.APPEND);
        assertThat(MetricsReader.read(file)).extracting(StepMetrics::step).containsExactly(1);
        MetricsWriter.resume(file, 1, Set.of()).close();
        assertThat(file).content().isEqualTo("{\"step\":1}\n");
    }

    @Test
    void aLastLineThatEndsWithinALetterIsLeftOut() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), "{\"step\":1}\n");
        Files.write(file, new byte[] {'{', '"', (byte) 0xe2}, StandardOpenOption.APPEND);
        assertThat(MetricsReader.read(file)).extracting(StepMetrics::step).containsExactly(1);
    }

    @Test
    void aDamagedLineIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), "{\"step\":1}\noops\n{\"step\":2}\n");
        assertThatThrownBy(() -> MetricsReader.read(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("metrics.jsonl:2");
    }

    @Test
    void aFileWhoseWriterFailsIsAsBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("out.json"), "old");
        assertThatThrownBy(() -> TextFile.write(file, out -> {
                    out.write("half");
                    throw new IOException("disk full");
                }))
                .hasMessageContaining("disk full");
        assertThat(file).hasContent("old");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }
}
