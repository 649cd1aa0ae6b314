package org.grpo4j.training.trainer;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a run came to its end.
 *
 * @param step steps done
 * @param finished whether these are all; if not, the run was asked to stop and can go on
 * @param checkpoint of this step
 * @param best the best held-out evaluation, or null if there was none
 * @param bestCheckpoint where its weights are, or null if they were not kept
 */
public record RunEnd(
        int step,
        boolean finished,
        Path checkpoint,
        @Nullable HeldOutScore best,
        @Nullable Path bestCheckpoint) {}
