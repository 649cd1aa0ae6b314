package org.grpo4j.training.cli;

import org.grpo4j.datasets.ProblemColumns;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which columns of a data set hold what, as a {@link Mixin}. */
final class ColumnOptions {

    @Option(names = "--problem-column", paramLabel = "NAME", description = "Column of the problem (found by name).")
    private @Nullable String problem;

    @Option(names = "--answer-column", paramLabel = "NAME", description = "Column of the answer (found by name).")
    private @Nullable String answer;

    ProblemColumns columns() {
        return ProblemColumns.of(problem, answer);
    }
}
