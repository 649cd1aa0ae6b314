package org.grpo4j.training.trainer;

/**
 * A prompt with its completion.
 *
 * @param prompt token ids, at least one
 * @param completion token ids to be learned, at least one
 */
public record TokenExample(int[] prompt, int[] completion) {
    public TokenExample {
        if (prompt.length == 0 || completion.length == 0) {
            throw new IllegalArgumentException("a training example needs at least one prompt and one completion token,"
                    + " but has " + prompt.length + " and " + completion.length);
        }
    }

    /** Tokens in all. */
    public int length() {
        return prompt.length + completion.length;
    }
}
