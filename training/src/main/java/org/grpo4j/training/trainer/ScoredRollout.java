package org.grpo4j.training.trainer;

import org.grpo4j.datasets.Problem;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.training.reward.WeightedRewards.Score;

/**
 * One completion with what it earned.
 *
 * @param problem that was asked
 * @param group index of the prompt in its step
 * @param prompt token ids
 * @param completion tokens and log-probabilities
 * @param text the decoded completion, without the end token
 * @param score rewards; may be unusable if a reward failed
 * @param advantage group-relative; 0 for a rollout that was left out
 * @param credit of every completion token, {@code [T]}: see {@link PolicyUpdate.Batch#credits}; empty before the update
 *     and for a rollout that was left out
 */
public record ScoredRollout(
        Problem problem,
        int group,
        int[] prompt,
        Completion completion,
        String text,
        Score score,
        double advantage,
        float[] credit) {

    ScoredRollout withAdvantage(double value) {
        return new ScoredRollout(problem, group, prompt, completion, text, score, value, credit);
    }

    ScoredRollout withCredit(float[] ofTokens) {
        return new ScoredRollout(problem, group, prompt, completion, text, score, advantage, ofTokens);
    }
}
