package org.grpo4j.datasets.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;

/**
 * The folder that holds the data of all benchmarks.
 *
 * @param folder that {@code evaluation_suite}, {@code gsm8k_test} and {@code train} lie in, or the sets themselves
 */
public record BenchmarkData(Path folder) {

    /** Names the folder for those who do not want to say it in every command. */
    public static final String VARIABLE = "GRPO4J_DATA";

    private static final String DEFAULT_FOLDER = "data";

    /** The folder that the environment variable {@value #VARIABLE} names, else {@code ./data}. */
    public static BenchmarkData standard() {
        String set = System.getenv(VARIABLE);
        return new BenchmarkData(Path.of(set == null || set.isBlank() ? DEFAULT_FOLDER : set));
    }

    /**
     * Loads the first of several places that exists.
     *
     * @param benchmark its name, for messages
     * @param rows how many problems it has
     * @param places paths below the folder, the usual one first
     * @throws DatasetException when there is none, or it has another number of problems
     */
    ProblemSet load(String benchmark, int rows, ProblemColumns columns, String... places) {
        for (String place : places) {
            Path path = folder.resolve(place);
            if (Files.exists(path)) {
                return checked(benchmark, rows, ProblemSet.load(path, columns));
            }
        }
        throw missing(benchmark, List.of(places));
    }

    private static ProblemSet checked(String benchmark, int rows, ProblemSet problems) {
        if (problems.size() != rows) {
            throw new DatasetException(problems.provenance().source() + " has " + problems.size() + " problems, but "
                    + benchmark + " has " + rows + ": results would not be those of the benchmark; to evaluate on these"
                    + " data give their path as the suite");
        }
        return problems;
    }

    private DatasetException missing(String benchmark, List<String> places) {
        String expected =
                places.stream().map(place -> folder.resolve(place).toString()).collect(Collectors.joining(" or "));
        return new DatasetException("the problems of " + benchmark + " are not there: expected " + expected
                + " (Arrow folder, Parquet or JSON lines); give the folder that holds them with --data DIR or the"
                + " environment variable " + VARIABLE);
    }
}
