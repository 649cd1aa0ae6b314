package org.grpo4j.training.rollouts;

import java.util.List;

/**
 * A prompt with its completions.
 *
 * @param problem id of the problem
 * @param text of the problem
 * @param prompt what the policy read, special tokens included
 * @param answers right ones
 * @param completions of the group
 */
record LoggedGroup(
        String problem, String text, String prompt, List<String> answers, List<LoggedCompletion> completions) {
    LoggedGroup {
        answers = List.copyOf(answers);
        completions = List.copyOf(completions);
    }
}
