package org.grpo4j.training.trainer;

import org.grpo4j.training.config.CheckpointsSection;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;

/**
 * What the settings of both kinds of runs say about their course.
 *
 * @param steps of the whole run
 * @param rowsOfAStep rows of the data that a step uses, if it needs no more than planned
 * @param seed of all random choices
 * @param evalEvery steps between evaluations; 0 for none but at the ends
 * @param evaluatesStart whether there is one before the first step
 * @param checkpointEvery steps between checkpoints; 0 for none by steps
 * @param checkpoints further ones, and which are kept
 */
record Course(
        int steps,
        int rowsOfAStep,
        long seed,
        int evalEvery,
        boolean evaluatesStart,
        int checkpointEvery,
        CheckpointsSection checkpoints) {

    static Course of(TrainConfig config) {
        return new Course(
                config.training().steps(),
                config.rollout().promptsPerStep(),
                config.training().seed(),
                config.evalEvery(),
                true,
                config.checkpointEvery(),
                config.checkpoints());
    }

    static Course of(SftConfig config) {
        return new Course(
                config.training().steps(),
                config.training().batchSize(),
                config.training().seed(),
                config.evalEvery(),
                false,
                config.checkpointEvery(),
                config.checkpoints());
    }

    boolean evaluatesAfter(int step) {
        return step == steps || (evalEvery > 0 && step % evalEvery == 0);
    }
}
