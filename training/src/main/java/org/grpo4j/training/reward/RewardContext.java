package org.grpo4j.training.reward;

import java.util.List;

/**
 * What a reward is given to judge.
 *
 * @param problem the text of the problem
 * @param goldAnswers the accepted answers, at least one for rewards that check the answer
 * @param completion the text the policy wrote, without prompt and stop token
 * @param completionTokens number of tokens of the completion, the stop token included, at least 0
 * @param truncated whether the length limit ended the completion instead of the policy
 */
public record RewardContext(
        String problem, List<String> goldAnswers, String completion, int completionTokens, boolean truncated) {

    /** Copies the answers. */
    public RewardContext {
        goldAnswers = List.copyOf(goldAnswers);
        if (completionTokens < 0) {
            throw new IllegalArgumentException("completionTokens is " + completionTokens + " but cannot be negative");
        }
    }
}
