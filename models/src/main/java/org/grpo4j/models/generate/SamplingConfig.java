package org.grpo4j.models.generate;

import java.util.Set;

/**
 * How completions are sampled.
 *
 * @param temperature divides the logits; 0 takes the most probable token
 * @param topK sample among the k most probable tokens only; 0 for all
 * @param topP sample among the most probable tokens that together have at least this probability; 1 for all
 * @param maxNewTokens longest completion, in tokens
 * @param stopIds tokens that end a completion; the stop token is its last
 */
public record SamplingConfig(double temperature, int topK, double topP, int maxNewTokens, Set<Integer> stopIds) {
    public SamplingConfig {
        if (!(temperature >= 0) || Double.isInfinite(temperature)) {
            throw new IllegalArgumentException("temperature is " + temperature + "; it must be 0 or positive");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top_k is " + topK + "; it must be 0 (off) or positive");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top_p is " + topP + "; it must be in (0, 1]");
        }
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("max_new_tokens is " + maxNewTokens + "; it must be positive");
        }
        stopIds = Set.copyOf(stopIds);
    }

    /** The most probable token at each step. */
    public static SamplingConfig greedy(int maxNewTokens, Set<Integer> stopIds) {
        return new SamplingConfig(0, 0, 1, maxNewTokens, stopIds);
    }

    /** Temperature 1 and no filter: samples of the policy itself, as policy gradients assume them. */
    public static SamplingConfig onPolicy(int maxNewTokens, Set<Integer> stopIds) {
        return new SamplingConfig(1, 0, 1, maxNewTokens, stopIds);
    }
}
