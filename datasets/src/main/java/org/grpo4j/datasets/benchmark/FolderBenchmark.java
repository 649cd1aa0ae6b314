package org.grpo4j.datasets.benchmark;

import java.nio.file.Path;
import org.grpo4j.datasets.Problem;
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
 * @param template of the prompt, with {@code {problem}} standing for the problem's text
 */
public record FolderBenchmark(
        String name, Path path, @Nullable String split, ProblemColumns columns, String template) implements Benchmark {

    private static final String PROBLEM = "{problem}";

    /** The usual instruction after the problem. */
    public static final String DEFAULT_TEMPLATE = PROBLEM + "\n" + INSTRUCTION;

    public FolderBenchmark {
        if (!template.contains(PROBLEM)) {
            throw new IllegalArgumentException(
                    "the prompt template \"" + template + "\" must contain " + PROBLEM + " where the problem goes");
        }
    }

    /** Data with usual columns, named after their path. */
    public static FolderBenchmark of(Path path) {
        return new FolderBenchmark(nameOf(path), path, null, ProblemColumns.BY_NAME, DEFAULT_TEMPLATE);
    }

    private static String nameOf(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? path.toString() : last.toString();
    }

    @Override
    public ProblemSet problems() {
        return ProblemSet.load(path, split, columns);
    }

    @Override
    public String prompt(Problem problem) {
        return template.replace(PROBLEM, problem.problem());
    }
}
