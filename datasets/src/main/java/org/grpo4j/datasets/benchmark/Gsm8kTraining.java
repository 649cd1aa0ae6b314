package org.grpo4j.datasets.benchmark;

import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * GSM8K's training problems. The published set {@code gsm_8k} of understand-r1-zero holds the 1,319 test problems behind
 * the 7,473 training problems; these are left out here, so that test scores keep their meaning.
 *
 * @param data where the benchmarks lie
 */
public record Gsm8kTraining(BenchmarkData data) implements Benchmark {

    static final String NAME = "gsm8k-train";
    private static final int ROWS = 8792;
    private static final int TRAINING_ROWS = 7473;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public ProblemSet problems() {
        return data.load(NAME, ROWS, ProblemColumns.BY_NAME, "train/gsm_8k", "gsm_8k")
                .rows(0, TRAINING_ROWS);
    }
}
