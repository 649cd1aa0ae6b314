package org.grpo4j.training.reward;

import java.util.function.BiPredicate;

/**
 * 1 if the completion's answer agrees with one of the gold answers, else 0.
 *
 * @param agrees whether a completion (second) gives the gold answer (first); ends by itself, as the verifier does
 */
public record AnswerReward(BiPredicate<String, String> agrees) implements Reward {

    @Override
    public double score(RewardContext context) {
        if (context.goldAnswers().isEmpty()) {
            throw new IllegalArgumentException("the problem \"" + context.problem()
                    + "\" has no gold answer to verify against; drop it from the data or remove the answer reward");
        }
        return context.goldAnswers().stream().anyMatch(gold -> agrees.test(gold, context.completion())) ? 1 : 0;
    }

    @Override
    public boolean endsByItself() {
        return true;
    }
}
