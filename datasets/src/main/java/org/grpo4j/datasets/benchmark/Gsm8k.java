package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * The test problems of GSM8K (Cobbe et al., 2021). The gold answer stands after four hash signs at the end of a worked
 * solution.
 *
 * @param data where the benchmarks lie
 */
public record Gsm8k(BenchmarkData data) implements Benchmark {

    static final String NAME = "gsm8k";
    private static final int ROWS = 1319;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(NAME, ROWS, ProblemColumns.BY_NAME, "gsm8k_test/test.jsonl", "gsm8k_test", "gsm8k");
    }
}
