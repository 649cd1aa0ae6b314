package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs without a gradient at some place, though nothing is wrong with them. */
class MovementCheckTest {

    @TempDir
    Path folder;

    private List<StepMetrics> run(String... settings) throws IOException {
        List<StepMetrics> steps = new ArrayList<>();
        try (GrpoRun run = GrpoRun.of(TinyRun.train(folder, settings))) {
            run.trainer().run(steps::add);
        }
        return steps;
    }

    /** Bounds of a few ten-thousandths: one optimiser step, and every completion is clipped in the next ones. */
    @Test
    void passesInWhichEverythingIsClippedAreNoFault() throws IOException {
        List<StepMetrics> steps = run(
                "objective={preset: gspo}", "training={steps: 1, optimiser_steps_per_batch: 4, replicas: 1, seed: 7}");
        assertThat(steps.get(0).value(Metric.GRADIENT_NORM).orElseThrow()).isPositive();
    }

    /** The only token that counts may belong to a completion that is as good as its group. */
    @Test
    void aMaskThatLeavesNoTokenWithAnAdvantageIsNoFault() throws IOException {
        List<StepMetrics> steps = run(
                "rewards=[{name: answer}, {name: format, weight: 0.5, pattern: '[0-4]'}]",
                "objective={top_entropy: 0.001}",
                "training={steps: 1, replicas: 1, seed: 1}");
        assertThat(steps.get(0).value(Metric.GRADIENT_NORM)).hasValue(0);
        assertThat(steps.get(0).value(Metric.ADVANTAGE_MAX).orElseThrow()).isPositive();
    }
}
