package org.grpo4j.training.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A supervised run ({@code grpo4j sft}).
 *
 * @param output folder of the run: checkpoints, metrics and the report
 * @param model the policy to start from
 * @param tuning which of its parameters train
 * @param data problems with worked solutions
 * @param evaluation held-out problems, evaluated every {@code evalEvery} steps
 * @param optimiser AdamW and its schedule
 * @param training course of the run
 * @param checkpointEvery steps between checkpoints; 0 writes only the last
 * @param checkpoints those by the clock, and which are kept
 * @param evalEvery steps between evaluations; 0 evaluates only the end
 * @param tensorboard whether to write event files for TensorBoard, into {@code tensorboard} below the output
 */
public record SftConfig(
        Path output,
        ModelSection model,
        TuningSection tuning,
        DataSection data,
        @Nullable EvaluationSection evaluation,
        OptimiserSection optimiser,
        SftSection training,
        @Default("0") int checkpointEvery,
        CheckpointsSection checkpoints,
        @Default("0") int evalEvery,
        @Default("true") boolean tensorboard) {
    public SftConfig {
        Require.atLeast("checkpoint_every", checkpointEvery, 0);
        Require.atLeast("eval_every", evalEvery, 0);
    }
}
