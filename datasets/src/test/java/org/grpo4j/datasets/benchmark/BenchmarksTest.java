package org.grpo4j.datasets.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.DatasetException;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemColumns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarksTest {

    private static final Path SHARED = Path.of(System.getProperty("grpo4j.shared", "../shared"), "data");

    @TempDir
    Path folder;

    private final Benchmarks benchmarks = Benchmarks.standard();

    @ParameterizedTest
    @CsvSource({
        "aime24, 30, level",
        "math500, 500, level",
        "olympiadbench, 675, ",
        "minerva, 272, ",
        "amc23, 83, level",
        "gsm8k, 1319, ",
        "gsm8k-train, 7473, "
    })
    void theRealSetsHaveTheirRowsAndAcceptTheirOwnGolds(String name, int rows, String group) {
        assumeTrue(Files.exists(SHARED), "the data sets are not beside this repository");
        Benchmark benchmark =
                benchmarks.resolve(name, new BenchmarkData(SHARED)).get(0);
        List<Problem> problems = benchmark.problems();
        assertThat(problems).hasSize(rows);
        assertThat(benchmark.groups(problems.get(0)).keySet())
                .isEqualTo(group == null ? Map.of().keySet() : Map.of(group, "").keySet());
        for (Problem problem : problems.subList(0, 30)) {
            for (String answer : problem.answers()) {
                assertThat(benchmark.reward(problem, "So it is \\boxed{" + answer + "}."))
                        .as(answer)
                        .isEqualTo(1);
            }
            assertThat(benchmark.reward(problem, "I do not know.")).isZero();
        }
    }

    @Test
    void fiveStandsForThePapersBenchmarksInItsOrder() {
        assertThat(benchmarks.resolve("five", BenchmarkData.standard()))
                .extracting(Benchmark::name)
                .containsExactly("aime24", "math500", "olympiadbench", "minerva", "amc23");
    }

    @Test
    void namesHaveAliasesInAnyCase() {
        assertThat(benchmarks.resolve("MATH, amc,Olympiad_Bench,arithmetic", BenchmarkData.standard()))
                .extracting(Benchmark::name)
                .containsExactly("math500", "amc23", "olympiadbench", "arithmetic");
    }

    @Test
    void theGeneratedSumsAreAskedBareAndAlwaysTheSame() {
        Benchmark arithmetic =
                benchmarks.resolve("arithmetic", BenchmarkData.standard()).get(0);
        assertThat(arithmetic.problems()).hasSize(500).isEqualTo(arithmetic.problems());
        Problem problem = arithmetic.problems().get(0);
        assertThat(arithmetic.prompt(problem)).isEqualTo(problem.problem()).endsWith("=");
        assertThat(arithmetic.reward(problem, "#### " + problem.answer())).isEqualTo(1);
    }

    @Test
    void aPathIsASuiteOfItsOwn() throws IOException {
        Path file = Files.writeString(
                folder.resolve("mine.jsonl"),
                "{\"question\": \"2+2?\", \"answer\": 4, \"level\": \"Level 2\", \"type\": \"Algebra\"}\n");
        Benchmark mine =
                benchmarks.resolve(file.toString(), BenchmarkData.standard()).get(0);
        assertThat(mine.name()).isEqualTo("mine.jsonl");
        Problem problem = mine.problems().get(0);
        assertThat(mine.prompt(problem)).isEqualTo("2+2?\n" + Benchmark.INSTRUCTION);
        assertThat(mine.groups(problem)).isEqualTo(Map.of("subject", "Algebra", "level", "2"));
        Benchmark asked = new PromptedBenchmark(mine, "Q: {problem}\nA:");
        assertThat(asked.prompt(problem)).isEqualTo("Q: 2+2?\nA:");
        assertThat(asked.groups(problem)).isEqualTo(mine.groups(problem));
        assertThat(asked.reward(problem, "4")).isEqualTo(1);
        assertThatThrownBy(() -> new PromptedBenchmark(mine, "Q:")).hasMessageContaining("{problem}");
    }

    @ParameterizedTest
    @CsvSource({"3, 3", "3.0, 3", "4.625, 4", "'\"Level 5\"', 5", "'\"hard\"', hard"})
    void levelsComeInSeveralSpellings(String value, String level) throws IOException {
        Path file = Files.writeString(
                folder.resolve("x.jsonl"), "{\"question\": \"1\", \"answer\": \"1\", \"Level\": " + value + "}\n");
        Benchmark mine = FolderBenchmark.of(file);
        assertThat(mine.groups(mine.problems().get(0))).isEqualTo(Map.of("level", level));
    }

    @Test
    void aBenchmarkOfOnesOwnIsOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("x.jsonl"), "{\"question\": \"1\", \"answer\": \"1\"}\n");
        Benchmarks more =
                benchmarks.with("Mine", data -> FolderBenchmark.of(data.folder().resolve("x.jsonl")));
        assertThat(more.resolve("mine", new BenchmarkData(folder)).get(0).problems())
                .hasSize(1);
        assertThat(more.names()).contains("mine", "aime24");
        assertThat(file).exists();
    }

    @Test
    void trainingAsksForABenchmarkByItsName() throws IOException {
        assertThat(Benchmarks.load(Path.of("benchmark:arithmetic"), null, ProblemColumns.BY_NAME))
                .hasSize(500);
        Path file = Files.writeString(folder.resolve("arithmetic"), "{\"question\": \"1\", \"answer\": \"1\"}\n");
        assertThat(Benchmarks.load(file, null, ProblemColumns.BY_NAME)).hasSize(1);
        assertThatThrownBy(() -> Benchmarks.load(Path.of("benchmark:x"), null, ProblemColumns.BY_NAME))
                .hasMessageContaining("known name");
    }

    @Test
    void whatIsNotThereIsExplained() throws IOException {
        BenchmarkData data = new BenchmarkData(folder);
        assertThatThrownBy(() -> benchmarks.resolve("math5000", data))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("known are aime24, amc23");
        assertThatThrownBy(() -> benchmarks.resolve("math,math500", data)).hasMessageContaining("two of the suites");
        Benchmark math = benchmarks.resolve("math500", data).get(0);
        assertThatThrownBy(math::problems)
                .hasMessageContaining(folder.resolve("evaluation_suite/math").toString())
                .hasMessageContaining("GRPO4J_DATA");
        Files.writeString(folder.resolve("math"), "{\"problem\": \"1\", \"answer\": \"1\"}\n");
        assertThatThrownBy(math::problems).hasMessageContaining("has 1 problems, but math500 has 500");
    }
}
