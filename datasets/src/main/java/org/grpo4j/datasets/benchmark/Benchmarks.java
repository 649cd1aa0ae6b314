package org.grpo4j.datasets.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.datasets.ProblemColumns;
import org.grpo4j.datasets.ProblemSet;
import org.jspecify.annotations.Nullable;

/** Benchmarks by name. Unmodifiable; {@link #with} adds one. */
public final class Benchmarks {

    /** Stands for the five benchmarks of the GRPO-λ paper. */
    public static final String FIVE = "five";

    /** What a path begins with that is the name of a benchmark. */
    private static final String PREFIX = "benchmark:";

    private static final List<String> THE_FIVE =
            List.of(Aime24.NAME, Math500.NAME, OlympiadBench.NAME, MinervaMath.NAME, Amc23.NAME);

    private static final Map<String, String> ALIASES = Map.of(
            "aime", Aime24.NAME,
            "math", Math500.NAME,
            "olympiad_bench", OlympiadBench.NAME,
            "olympiad", OlympiadBench.NAME,
            "minerva_math", MinervaMath.NAME,
            "minervamath", MinervaMath.NAME,
            "amc", Amc23.NAME);

    private final Map<String, Function<BenchmarkData, Benchmark>> makers;

    private Benchmarks(Map<String, Function<BenchmarkData, Benchmark>> makers) {
        this.makers = makers;
    }

    /** Those that grpo4j knows. */
    public static Benchmarks standard() {
        Map<String, Function<BenchmarkData, Benchmark>> makers = new LinkedHashMap<>();
        makers.put(Aime24.NAME, Aime24::new);
        makers.put(Math500.NAME, Math500::new);
        makers.put(OlympiadBench.NAME, OlympiadBench::new);
        makers.put(MinervaMath.NAME, MinervaMath::new);
        makers.put(Amc23.NAME, Amc23::new);
        makers.put(Gsm8k.NAME, Gsm8k::new);
        makers.put(Gsm8kTraining.NAME, Gsm8kTraining::new);
        makers.put(GeneratedArithmetic.NAME, data -> GeneratedArithmetic.DEFAULT);
        return new Benchmarks(makers);
    }

    /** These and one more, in place of one that has the same name. */
    public Benchmarks with(String name, Function<BenchmarkData, Benchmark> maker) {
        Map<String, Function<BenchmarkData, Benchmark>> more = new LinkedHashMap<>(makers);
        more.put(name.toLowerCase(Locale.ROOT), maker);
        return new Benchmarks(more);
    }

    /** All names that can be asked for, without aliases. */
    public List<String> names() {
        return List.copyOf(makers.keySet());
    }

    /**
     * The benchmarks of a list of names and paths.
     *
     * @param suites separated by commas: names, aliases, {@value #FIVE} for the paper's five, paths of data sets
     * @param data where the known ones lie
     * @throws DatasetException when one is neither a name nor a path, or two would be filed under one name
     */
    public List<Benchmark> resolve(String suites, BenchmarkData data) {
        Map<String, Benchmark> found = new LinkedHashMap<>();
        for (String word : suites.split(",", -1)) {
            String suite = word.strip();
            List<String> parts = suite.toLowerCase(Locale.ROOT).equals(FIVE) ? THE_FIVE : List.of(suite);
            for (String part : parts) {
                Benchmark benchmark = one(part, data);
                if (found.putIfAbsent(benchmark.name(), benchmark) != null) {
                    throw new DatasetException("two of the suites " + suites + " are named \"" + benchmark.name()
                            + "\": ask for each once, and rename one of two folders with the same name");
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    /**
     * Loads problems from a path, or those of a known benchmark where the path is {@code benchmark:NAME}, such as
     * {@code benchmark:gsm8k-train}. A benchmark has its own columns.
     *
     * @throws DatasetException when there are no such problems
     */
    public static ProblemSet load(Path path, @Nullable String split, ProblemColumns columns) {
        String text = path.toString();
        return text.startsWith(PREFIX)
                ? standard()
                        .known(text.substring(PREFIX.length()), BenchmarkData.standard())
                        .problems()
                : ProblemSet.load(path, split, columns);
    }

    private Benchmark one(String suite, BenchmarkData data) {
        boolean isKnown = makers.containsKey(nameOf(suite));
        return !isKnown && !suite.isEmpty() && Files.exists(Path.of(suite))
                ? FolderBenchmark.of(Path.of(suite))
                : known(suite, data);
    }

    private Benchmark known(String suite, BenchmarkData data) {
        Function<BenchmarkData, Benchmark> maker = makers.get(nameOf(suite));
        if (maker == null) {
            throw new DatasetException("the suite \"" + suite
                    + "\" is neither a path that exists nor a known name: known are "
                    + String.join(", ", new TreeSet<>(makers.keySet())) + " and " + FIVE + " (the paper's five)");
        }
        return maker.apply(data);
    }

    private static String nameOf(String suite) {
        String lower = suite.toLowerCase(Locale.ROOT);
        return ALIASES.getOrDefault(lower, lower);
    }
}
