package org.grpo4j.datasets.benchmark;

import java.nio.file.Path;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;
import org.jspecify.annotations.Nullable;

/**
 * A user's own data as a benchmark.
 *
 * @param name that results are filed under
 * @param path any data set that can be loaded
 * @param split of a folder that has several, else null
 * @param columns that hold problem and answer
 */
public record FolderBenchmark(
        String name, Path path, @Nullable String split, ProblemColumns columns) implements Benchmark {

    /** Data with usual columns, named after their path. */
    public static FolderBenchmark of(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        String name = last == null ? path.toString() : last.toString();
        return new FolderBenchmark(name, path, null, ProblemColumns.BY_NAME);
    }

    /** The same data, read from this split and these columns. */
    public FolderBenchmark reading(@Nullable String chosenSplit, ProblemColumns chosenColumns) {
        return new FolderBenchmark(name, path, chosenSplit, chosenColumns);
    }

    @Override
    public ProblemSet problems() {
        return ProblemSet.load(path, split, columns);
    }
}
