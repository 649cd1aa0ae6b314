package org.grpo4j.datasets.benchmark;

import java.util.Map;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verification;
import org.grpo4j.datasets.verify.Verifier;

/** Problems together with the way they are asked and scored, the same for training and for evaluation. */
public interface Benchmark {

    /** What follows a problem unless a benchmark asks otherwise. */
    String INSTRUCTION = "Please reason step by step, and put your final answer within \\boxed{}.";

    /** Short name, lower case: what a user writes and results are filed under. */
    String name();

    /**
     * Loads the problems.
     *
     * @throws org.grpo4j.datasets.DatasetException when they are not there or not those of this benchmark
     */
    ProblemSet problems();

    /** What a model is asked, as plain text without a chat template. */
    default String prompt(Problem problem) {
        return problem.problem() + "\n" + INSTRUCTION;
    }

    /** Checks the answer of a completion against the problem's alternatives. */
    default Verification score(Problem problem, String completion) {
        return Verifier.verify(problem.answers(), completion);
    }

    /** The reward of a completion: 1 when it is correct, else 0. */
    default double reward(Problem problem, String completion) {
        return score(problem, completion).correct() ? 1 : 0;
    }

    /** Whether a completion marks its answer in the way the prompt asks for. */
    default boolean isFormatted(String completion) {
        return completion.contains("\\boxed{");
    }

    /** The groups a problem belongs to, such as level 3 and subject Algebra; empty where the data has none. */
    default Map<String, String> groups(Problem problem) {
        return ProblemGroups.of(problem);
    }
}
