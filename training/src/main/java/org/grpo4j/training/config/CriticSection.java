package org.grpo4j.training.config;

import org.jspecify.annotations.Nullable;

/**
 * The critic: a value head on the policy. There is none unless {@code objective.advantage} is {@code gae}.
 *
 * @param learningRate peak learning rate of the head, which begins at zero; everything else about its optimiser is as in
 *     {@code optimiser}
 * @param valueCoefficient weight of the value loss beside the policy's
 * @param valueClip how far a value may move from what it was before the update and still gain by it; null switches it off
 * @param whiten whether the advantages of a batch's tokens are shifted and scaled to mean 0 and standard deviation 1
 * @param detach whether the value loss trains the head only and leaves the policy's own parameters alone
 */
public record CriticSection(
        @Default("1e-3") double learningRate,
        @Default("0.1") double valueCoefficient,
        @Default("0.2") @Nullable Double valueClip,
        @Default("true") boolean whiten,
        @Default("false") boolean detach) {
    public CriticSection {
        Require.notNegative("learning_rate", learningRate);
        Require.positive("value_coefficient", valueCoefficient);
        if (valueClip != null) {
            Require.positive("value_clip", valueClip);
        }
    }
}
