package org.grpo4j.training.trainer;

/**
 * How a batch is cut so that its gradients fit into memory.
 *
 * @param maxTokens padded tokens of one micro-batch at most
 * @param activationCheckpointing whether layers are computed again for the backward pass instead of kept
 */
record MicroBatching(int maxTokens, boolean activationCheckpointing) {}
