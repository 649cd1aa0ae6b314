package org.grpo4j.training.config;

import org.jspecify.annotations.Nullable;

/**
 * AdamW and its schedule.
 *
 * @param learningRate peak learning rate
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled decay of matrices; norms and biases have none
 * @param schedule what follows the warm-up
 * @param warmupSteps optimiser steps of linear warm-up from 0
 * @param minimumRatio fraction of the peak at which the cosine ends
 * @param maxGradientNorm the gradient over all parameters is scaled down to this norm; null switches it off
 * @param maxSkippedUpdates updates skipped in a row, because loss or gradient is NaN or infinite, after which the run stops
 */
public record OptimiserSection(
        @Default("1e-4") double learningRate,
        @Default("0.9") double beta1,
        @Default("0.999") double beta2,
        @Default("1e-8") double epsilon,
        @Default("0.0") double weightDecay,
        @Default("constant") Schedule schedule,
        @Default("0") int warmupSteps,
        @Default("0.0") double minimumRatio,
        @Default("1.0") @Nullable Double maxGradientNorm,
        @Default("5") int maxSkippedUpdates) {
    public OptimiserSection {
        Require.notNegative("learning_rate", learningRate);
        Require.within("beta1", beta1, 0, 1);
        Require.within("beta2", beta2, 0, 1);
        Require.positive("epsilon", epsilon);
        Require.notNegative("weight_decay", weightDecay);
        Require.atLeast("warmup_steps", warmupSteps, 0);
        Require.that(
                minimumRatio >= 0 && minimumRatio <= 1, "minimum_ratio must lie from 0 to 1, found " + minimumRatio);
        if (maxGradientNorm != null) {
            Require.positive("max_gradient_norm", maxGradientNorm);
        }
        Require.atLeast("max_skipped_updates", maxSkippedUpdates, 1);
    }

    /** The same with another peak learning rate. */
    public OptimiserSection withLearningRate(double rate) {
        return new OptimiserSection(
                rate,
                beta1,
                beta2,
                epsilon,
                weightDecay,
                schedule,
                warmupSteps,
                minimumRatio,
                maxGradientNorm,
                maxSkippedUpdates);
    }

    /** Course of the learning rate after the warm-up. */
    public enum Schedule {
        CONSTANT,
        COSINE
    }
}
