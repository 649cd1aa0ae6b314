package org.grpo4j.models.generate;

/**
 * A prompt to complete once.
 *
 * @param prompt token ids, at least one; requests that share a prompt should be neighbours and are then prefilled once
 * @param seed of this completion's random choices, independent of all others
 */
public record CompletionRequest(int[] prompt, long seed) {
    public CompletionRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("a prompt needs at least one token");
        }
    }
}
