package org.grpo4j.training.config;

import org.jspecify.annotations.Nullable;

/**
 * When checkpoints are written beside {@code checkpoint_every}, and which of them are kept. The one just written and the
 * final one are always kept.
 *
 * @param everyMinutes minutes after which the next finished step writes a checkpoint; 0 for none by the clock
 * @param keepLast how many of the latest are kept; null keeps all
 * @param keepBest how many of those with the best held-out accuracy are kept beyond them. In a run that writes
 *     checkpoints and evaluates, an evaluation that is better than all before it writes one
 */
public record CheckpointsSection(
        @Default("0.0") double everyMinutes,
        @Nullable Integer keepLast,
        @Default("1") int keepBest) {
    public CheckpointsSection {
        Require.notNegative("every_minutes", everyMinutes);
        if (keepLast != null) {
            Require.atLeast("keep_last", keepLast, 1);
        }
        Require.atLeast("keep_best", keepBest, 0);
    }
}
