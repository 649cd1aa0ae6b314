package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same seed, configuration, data and replica count give the same bits, whatever the timing of the threads. */
class ReproducibilityTest {

    @TempDir
    Path folder;

    @Test
    void theSameSeedGivesTheSameMetricsAndTheSameWeights() throws IOException {
        Result first = run("first");
        Result second = run("second");
        assertThat(first.metrics).hasSize(4).isEqualTo(second.metrics);
        assertThat(first.weights).isEqualTo(second.weights);
    }

    @Test
    void anotherSeedGivesOthers() throws IOException {
        assertThat(run("first").weights).isNotEqualTo(run("other", "training.seed=8").weights);
    }

    private record Result(List<Map<String, Double>> metrics, byte[] weights) {}

    private Result run(String name, String... overrides) throws IOException {
        List<String> all = new ArrayList<>(List.of(overrides));
        all.add("output=" + folder.resolve(name));
        // Small micro-batches, so that each replica has several and their order could matter.
        all.add("training.micro_batch_tokens=128");
        List<Map<String, Double>> metrics = new ArrayList<>();
        try (GrpoRun run = GrpoRun.of(TinyRun.train(folder, all.toArray(String[]::new)))) {
            run.trainer().run(step -> {
                Map<String, Double> values = new TreeMap<>(step.values());
                values.remove(Metric.TOKENS_PER_SECOND.key());
                metrics.add(values);
            });
        }
        return new Result(metrics, Files.readAllBytes(folder.resolve(name).resolve("model.safetensors")));
    }
}
