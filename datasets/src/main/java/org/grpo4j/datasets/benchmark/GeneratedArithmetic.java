package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.arithmetic.Arithmetic;

/**
 * Generated sums, for policies too small for words. They need no data; a policy that was trained on sums of the same kind
 * may have met some of them.
 *
 * @param arithmetic the kind of sums
 * @param count how many
 * @param seed that decides which
 */
public record GeneratedArithmetic(Arithmetic arithmetic, int count, long seed) implements Benchmark {

    static final String NAME = "arithmetic";

    /** 500 sums of three numbers below 100. */
    public static final GeneratedArithmetic DEFAULT = new GeneratedArithmetic(Arithmetic.DEFAULT, 500, 2024);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return arithmetic.problems(count, seed);
    }

    /** The bare sum: characters are all that such policies know. */
    @Override
    public String prompt(Problem problem) {
        return problem.problem();
    }

    @Override
    public boolean isFormatted(String completion) {
        return completion.contains("####");
    }
}
