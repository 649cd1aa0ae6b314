package org.grpo4j.training.config;

/**
 * The course of a reinforcement run.
 *
 * @param steps rollout batches
 * @param optimiserStepsPerBatch optimiser steps taken on each rollout batch; from the second on it is off-policy
 * @param microBatchTokens padded tokens of one micro-batch at most; the memory of a run grows with it
 * @param activationCheckpointing whether activations of a layer are computed again for the backward pass instead of
 *     kept: a third more work, a fraction of the memory, the same bits
 * @param replicas plans that run side by side; 0 takes one a core. The same count gives the same bits
 * @param positiveOnly whether completions with a negative advantage are left out, so that the policy only moves towards
 *     what was better than its group and never away from the rest
 * @param seed every random choice of the run derives from it
 */
public record TrainingSection(
        int steps,
        @Default("1") int optimiserStepsPerBatch,
        @Default("4096") int microBatchTokens,
        @Default("false") boolean activationCheckpointing,
        @Default("0") int replicas,
        @Default("false") boolean positiveOnly,
        @Default("0") long seed) {
    public TrainingSection {
        Require.atLeast("steps", steps, 1);
        Require.atLeast("optimiser_steps_per_batch", optimiserStepsPerBatch, 1);
        Require.atLeast("micro_batch_tokens", microBatchTokens, 1);
        Require.atLeast("replicas", replicas, 0);
    }
}
