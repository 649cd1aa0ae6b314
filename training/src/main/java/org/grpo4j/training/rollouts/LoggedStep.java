package org.grpo4j.training.rollouts;

import java.util.List;

/**
 * The prompts of a step with their completions.
 *
 * @param step counted from 1
 * @param groups as many as the limit lets be kept, at least one
 * @param omitted groups that are not kept
 */
record LoggedStep(int step, List<LoggedGroup> groups, int omitted) {
    LoggedStep {
        groups = List.copyOf(groups);
    }
}
