package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * MinervaMath: 272 undergraduate science problems of MIT OpenCourseWare, as Lewkowycz et al. (2022) collected them. Golds are
 * lists of alternatives, of which any is right.
 *
 * @param data where the benchmarks lie
 */
public record MinervaMath(BenchmarkData data) implements Benchmark {

    static final String NAME = "minerva";
    private static final int ROWS = 272;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(NAME, ROWS, ProblemColumns.BY_NAME, "evaluation_suite/minerva", "minerva");
    }
}
