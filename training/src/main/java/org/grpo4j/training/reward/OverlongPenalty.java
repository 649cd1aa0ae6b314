package org.grpo4j.training.reward;

/**
 * The soft overlong punishment of DAPO (arXiv 2503.14476, equation 13): 0 up to {@code maxTokens − cacheTokens}, from
 * there falling linearly to −1 at {@code maxTokens}, −1 beyond and for truncated completions.
 *
 * @param maxTokens length L_max at which the full penalty is reached, above 0
 * @param cacheTokens width L_cache of the interval over which it grows, 1 to {@code maxTokens}
 */
public record OverlongPenalty(int maxTokens, int cacheTokens) implements Reward {

    /** @throws IllegalArgumentException if the interval is empty or longer than the whole length */
    public OverlongPenalty {
        if (maxTokens < 1) {
            throw new IllegalArgumentException("max_tokens is " + maxTokens + " but must be at least 1");
        }
        if (cacheTokens < 1 || cacheTokens > maxTokens) {
            throw new IllegalArgumentException(
                    "cache_tokens is " + cacheTokens + " but must be 1 to max_tokens = " + maxTokens);
        }
    }

    @Override
    public double score(RewardContext context) {
        if (context.truncated()) {
            return -1;
        }
        double over = context.completionTokens() - (maxTokens - cacheTokens);
        // Adding 0 turns the −0.0 of an unpunished completion into 0.
        return -Math.max(0, Math.min(1, over / cacheTokens)) + 0.0;
    }

    @Override
    public boolean endsByItself() {
        return true;
    }
}
