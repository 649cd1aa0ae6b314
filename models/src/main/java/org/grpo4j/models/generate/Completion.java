package org.grpo4j.models.generate;

/**
 * A sampled completion.
 *
 * @param tokens ids after the prompt, with the stop token if it was reached
 * @param logProbs natural log-probability of each token under the softmax of logits / temperature over the whole
 *     vocabulary, before any top-k or top-p filter; at temperature 0 under the plain softmax
 * @param finished whether a stop token ended it; otherwise it was cut at the length limit
 */
public record Completion(int[] tokens, float[] logProbs, boolean finished) {}
