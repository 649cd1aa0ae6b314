package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.TrainConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryEstimateTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    @Test
    void everyPartIsThere() throws IOException {
        TrainConfig config = TinyRun.train(folder, "objective.beta=0.1");
        try (Policy policy = Policy.of(config.model(), 0)) {
            MemoryEstimate estimate = MemoryEstimate.of(config, policy, 2, 10);
            long parameters = policy.parameters().parameterCount() * Float.BYTES;
            assertThat(estimate.parts())
                    .containsKeys("gradients", "optimiser", "activations", "reference", "KV cache")
                    .containsEntry("gradients", parameters)
                    .containsEntry("optimiser", 2 * parameters);
            assertThat(estimate.parts().get("reference")).isGreaterThan(parameters);
            assertThat(estimate.total()).isGreaterThan(estimate.resident() + 4 * parameters);
        }
    }

    @Test
    void activationsGrowWithTheBatchAndShrinkByRecomputing() throws IOException {
        long small = activations("training.micro_batch_tokens=64");
        long large = activations("training.micro_batch_tokens=512");
        long again = activations("training.micro_batch_tokens=512", "training.activation_checkpointing=true");
        assertThat(large).isGreaterThan(2 * small);
        assertThat(again).isLessThan(large);
    }

    private long activations(String... settings) throws IOException {
        TrainConfig config = TinyRun.train(folder, settings);
        try (Policy policy = Policy.of(config.model(), 0)) {
            return MemoryEstimate.of(config, policy, 1, 10).parts().getOrDefault("activations", 0L);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedWithNumbers() {
        MemoryEstimate tight = new MemoryEstimate(GIB, Map.of("gradients", GIB, "activations", 3 * GIB), 4 * GIB);
        assertThatThrownBy(tight::requireFits)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("5.0 GiB of 4.0 GiB")
                .hasMessageContaining("activations 3.0 GiB")
                .hasMessageContaining("activation_checkpointing");
        assertThatCode(new MemoryEstimate(GIB, Map.of("gradients", GIB), 2 * GIB)::requireFits)
                .doesNotThrowAnyException();
        assertThatCode(new MemoryEstimate(GIB, Map.of("gradients", GIB), 0)::requireFits)
                .doesNotThrowAnyException();
    }
}
