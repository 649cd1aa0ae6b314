package org.grpo4j.datasets;

import org.jspecify.annotations.Nullable;

/**
 * Which columns of a table hold a problem's parts. A part that is null is looked for under its usual names. A dot
 * reaches into a struct: {@code reward_model.ground_truth}.
 *
 * @param problem the question; usually problem, question, prompt …
 * @param answer the right answer or a list of alternatives; usually answer, gt_answer, final_answer … or, when there is
 *     none of them, a solution that holds the answer
 * @param solution the worked solution, optional
 * @param id the row's own id, optional
 */
public record ProblemColumns(
        @Nullable String problem,
        @Nullable String answer,
        @Nullable String solution,
        @Nullable String id) {

    /** All columns are found by their usual names. */
    public static final ProblemColumns BY_NAME = new ProblemColumns(null, null, null, null);

    /** Question and answer are set, the rest is found by name; null leaves that one to be found too. */
    public static ProblemColumns of(@Nullable String problem, @Nullable String answer) {
        return new ProblemColumns(problem, answer, null, null);
    }
}
