package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * The American Mathematics Competitions 12 of 2022 and 2023: 83 problems with whole numbers as answers, which the data hold
 * as floating-point numbers.
 *
 * @param data where the benchmarks lie
 */
public record Amc23(BenchmarkData data) implements Benchmark {

    static final String NAME = "amc23";
    private static final int ROWS = 83;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(NAME, ROWS, ProblemColumns.BY_NAME, "evaluation_suite/amc", "amc", "amc23");
    }
}
