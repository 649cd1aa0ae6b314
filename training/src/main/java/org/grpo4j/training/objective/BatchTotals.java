package org.grpo4j.training.objective;

import java.util.Arrays;

/**
 * Size of the whole batch that a loss is averaged over. Micro-batches divide by these totals instead of their own, which
 * makes their losses and gradients add up to those of the batch exactly.
 *
 * @param completions number of completions, at least 1
 * @param tokens number of completion tokens, at least one a completion
 */
public record BatchTotals(int completions, long tokens) {

    /** @throws IllegalArgumentException if there are no completions or fewer tokens than completions */
    public BatchTotals {
        if (completions < 1 || tokens < completions) {
            throw new IllegalArgumentException(
                    "a batch needs at least one completion and at least one token in each, but" + " has " + completions
                            + " completions and " + tokens + " tokens");
        }
    }

    /** Totals of completions of these lengths. */
    public static BatchTotals of(int[] lengths) {
        return new BatchTotals(
                lengths.length, Arrays.stream(lengths).asLongStream().sum());
    }
}
