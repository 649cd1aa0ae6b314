package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * The American Invitational Mathematics Examination of 2024, both papers: 30 problems whose answers are whole numbers from
 * 0 to 999, written with leading zeros.
 *
 * @param data where the benchmarks lie
 */
public record Aime24(BenchmarkData data) implements Benchmark {

    static final String NAME = "aime24";
    private static final int ROWS = 30;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(NAME, ROWS, ProblemColumns.BY_NAME, "evaluation_suite/aime", "aime", "aime24");
    }
}
