package org.grpo4j.training.reward;

import java.util.regex.Pattern;

/**
 * 1 if the completion shows its answer in the asked form, else 0.
 *
 * @param pattern found anywhere in the completion
 */
public record FormatReward(Pattern pattern) implements Reward {

    /** {@code \boxed{…}} or {@code #### …} with something in it: the two forms that answers are read from. */
    public static FormatReward markedAnswer() {
        return new FormatReward(Pattern.compile("\\\\boxed\\s*\\{\\s*[^\\s}]|####[ \\t]*\\S"));
    }

    @Override
    public double score(RewardContext context) {
        return pattern.matcher(context.completion()).find() ? 1 : 0;
    }
}
