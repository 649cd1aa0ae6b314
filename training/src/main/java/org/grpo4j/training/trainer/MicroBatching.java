package org.grpo4j.training.trainer;

import org.grpo4j.training.config.SftSection;
import org.grpo4j.training.config.TrainingSection;

/**
 * How a batch is cut so that its gradients fit into memory.
 *
 * @param maxTokens padded tokens of one micro-batch at most
 * @param activationCheckpointing whether layers are computed again for the backward pass instead of kept
 */
record MicroBatching(int maxTokens, boolean activationCheckpointing) {

    static MicroBatching of(TrainingSection section) {
        return new MicroBatching(section.microBatchTokens(), section.activationCheckpointing());
    }

    static MicroBatching of(SftSection section) {
        return new MicroBatching(section.microBatchTokens(), section.activationCheckpointing());
    }
}
