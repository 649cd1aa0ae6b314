package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * MATH-500: the 500 problems of MATH (Hendrycks et al., 2021) that Lightman et al. (2023) kept for testing. Their
 * levels are 1 to 5.
 *
 * @param data where the benchmarks lie
 */
public record Math500(BenchmarkData data) implements Benchmark {

    static final String NAME = "math500";
    private static final int ROWS = 500;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(NAME, ROWS, ProblemColumns.BY_NAME, "evaluation_suite/math", "math", "math500");
    }
}
