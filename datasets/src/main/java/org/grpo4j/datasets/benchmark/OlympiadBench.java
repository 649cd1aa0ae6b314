package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * OlympiadBench (He et al., 2024), the 675 open-ended English mathematics problems without pictures. An answer may be
 * several values in dollars, separated by commas.
 *
 * @param data where the benchmarks lie
 */
public record OlympiadBench(BenchmarkData data) implements Benchmark {

    static final String NAME = "olympiadbench";
    private static final int ROWS = 675;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(
                NAME,
                ROWS,
                ProblemColumns.BY_NAME,
                "evaluation_suite/olympiad_bench",
                "olympiad_bench",
                "olympiadbench");
    }
}
