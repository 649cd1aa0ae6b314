package org.grpo4j.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.datasets.benchmark.Benchmark;
import org.grpo4j.datasets.benchmark.FolderBenchmark;
import org.grpo4j.datasets.benchmark.PromptedBenchmark;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.trainer.Policy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two suites of small sums, and a prompt that is too long, asked of an untrained policy of 64 positions. */
class EvaluationRunTest {

    private static final List<String> FILES = List.of("evaluation.json", "samples.jsonl", "summary.json");
    private static final int TOTAL = (20 + 3) * 3;

    @TempDir
    Path folder;

    private Path model;
    private Policy policy;

    @BeforeEach
    void makeAModelAndSuites() throws IOException {
        TinyRun.problems(folder);
        Files.writeString(folder.resolve("more.jsonl"), """
                {"problem": "1+1=", "answer": "2", "level": 1}
                {"problem": "%s=", "answer": "80", "level": 2}
                {"problem": "2+3=", "answer": "5", "level": 2}
                """.formatted("1+".repeat(40)));
        model = folder.resolve("model");
        try (Policy fresh = Policy.of(TinyRun.train(folder).model(), 3)) {
            fresh.checkpoint().save(model, TensorType.F32);
        }
        policy = Policy.load(model);
    }

    @AfterEach
    void close() {
        policy.close();
    }

    @Test
    void everyCompletionIsWrittenAndSummedUp() throws IOException {
        Path output = folder.resolve("out");
        EvaluationResult result = run(output, config(0));
        List<JsonNode> lines = lines(output);
        assertThat(lines).hasSize(TOTAL);
        assertThat(lines.get(0).fieldNames())
                .toIterable()
                .containsExactly(
                        "suite",
                        "problem_id",
                        "sample",
                        "seed",
                        "completion",
                        "answer",
                        "correct",
                        "reason",
                        "gold_parsed",
                        "formatted",
                        "tokens",
                        "finished");
        assertThat(lines).extracting(line -> line.get("seed").asLong()).doesNotHaveDuplicates();
        SuiteStatistics more = result.suites().get(1);
        assertThat(more.suite()).isEqualTo("more.jsonl");
        assertThat(more.promptsTooLong()).isEqualTo(1);
        assertThat(more.groups()).extracting(GroupAccuracy::value).containsExactly("1", "2");
        assertThat(more.completions().count()).isEqualTo(6);
        long correct =
                lines.stream().filter(line -> line.get("correct").asBoolean()).count();
        double expected = correct - more.accuracy().value() * 9;
        assertThat(result.suites().get(0).accuracy().value() * 60).isCloseTo(expected, within(1e-9));
        JsonNode summary =
                new ObjectMapper().readTree(output.resolve("summary.json").toFile());
        assertThat(summary.at("/suites/1/prompts_too_long").asInt()).isEqualTo(1);
        assertThat(summary.at("/suites/0/pass_at_k/3/value").isNumber()).isTrue();
        assertThat(summary.at("/settings/samples").asInt()).isEqualTo(3);
    }

    @Test
    void aBrokenRunGoesOnAndLeavesTheSameFiles() throws IOException {
        Path whole = folder.resolve("whole");
        run(whole, config(0));
        Path broken = folder.resolve("broken");
        EvaluationRun.Listener powerCut = (suite, done, total) -> {
            if (done >= 48) {
                throw new IllegalStateException("power cut");
            }
        };
        try (Replicas replicas = replicas()) {
            EvaluationRun run = evaluation(broken, config(0));
            assertThatThrownBy(() -> run.run(replicas, powerCut)).hasMessage("power cut");
        }
        assertThat(broken.resolve("summary.json")).doesNotExist();
        assertThat(lines(broken)).hasSize(48);
        run(broken, config(0));
        assertSame(whole, broken);
    }

    @Test
    void aFileCutAnywhereGoesOnFromItsLastWholeBatch() throws IOException {
        Path whole = folder.resolve("whole");
        run(whole, config(0));
        byte[] bytes = Files.readAllBytes(whole.resolve("samples.jsonl"));
        Path cut = Files.createDirectories(folder.resolve("cut"));
        Files.copy(whole.resolve("evaluation.json"), cut.resolve("evaluation.json"));
        for (int length : new int[] {0, 100, bytes.length / 3, bytes.length / 2 + 7, bytes.length - 1, bytes.length}) {
            Files.write(cut.resolve("samples.jsonl"), Arrays.copyOf(bytes, length));
            run(cut, config(0));
            assertSame(whole, cut);
        }
    }

    @Test
    void otherSettingsAreRefusedByName() throws IOException {
        Path output = folder.resolve("out");
        run(output, config(0));
        assertThatThrownBy(() -> evaluation(output, config(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds another evaluation: seed is different");
        Files.writeString(folder.resolve("more.jsonl"), "{\"problem\": \"1+2=\", \"answer\": \"3\"}\n");
        assertThatThrownBy(() -> evaluation(output, config(0))).hasMessageContaining("suites.more.jsonl.sha256");
        Files.delete(output.resolve("evaluation.json"));
        assertThatThrownBy(() -> evaluation(output, config(0))).hasMessageContaining("nobody knows");
    }

    @Test
    void samplesOfAnotherEvaluationAreRefused() throws IOException {
        Path output = folder.resolve("out");
        run(output, config(0));
        Path file = output.resolve("samples.jsonl");
        Files.writeString(file, Files.readString(file).replaceFirst("\"seed\":-?\\d", "\"seed\":7"));
        assertThatThrownBy(() -> run(output, config(0))).hasMessageContaining("where this evaluation has another");
        Files.writeString(file, "{\"suite\": 1}\n");
        assertThatThrownBy(() -> run(output, config(0)))
                .hasMessageContaining("samples.jsonl:1: \"problem_id\" is missing");
    }

    @Test
    void aRunComparedWithItselfDoesNotDiffer() throws IOException {
        run(folder.resolve("a"), config(0));
        run(folder.resolve("b"), config(0));
        RunComparison same = RunComparison.of(folder.resolve("a"), folder.resolve("b"), Bootstrap.DEFAULT);
        assertThat(same.mean().value()).isZero();
        assertThat(same.settingsThatDiffer()).isEmpty();
        assertThat(same.suites())
                .extracting(RunComparison.SuiteDifference::problems)
                .containsExactly(20, 3);
    }

    @Test
    void differencesArePairedByProblem() throws IOException {
        run(folder.resolve("a"), config(0));
        run(folder.resolve("b"), config(1));
        // What a model that solves the first ten problems would have written.
        Path file = folder.resolve("b/samples.jsonl");
        String better = Files.readString(file)
                .lines()
                .map(EvaluationRunTest::solved)
                .reduce("", (all, line) -> all + line + "\n");
        Files.writeString(file, better);
        RunComparison comparison = RunComparison.of(folder.resolve("a"), folder.resolve("b"), Bootstrap.DEFAULT);
        RunComparison.SuiteDifference sums = comparison.suites().get(0);
        assertThat(sums.b() - sums.a()).isCloseTo(sums.difference().value(), within(1e-12));
        assertThat(sums.difference().value()).isGreaterThan(0.3);
        assertThat(sums.difference().low()).isPositive();
        assertThat(sums.better()).isGreaterThanOrEqualTo(8);
        assertThat(comparison.settingsThatDiffer()).containsExactly("seed");
        assertThat(comparison.table().rows()).hasSize(3);
        Path other = Files.createDirectories(folder.resolve("other"));
        assertThatThrownBy(() -> RunComparison.of(folder.resolve("a"), other, Bootstrap.DEFAULT))
                .hasMessageContaining("holds no evaluation");
    }

    private static String solved(String line) {
        return line.contains("problems.jsonl") && line.matches(".*\"problem_id\":\"\\d\".*")
                ? line.replace("\"correct\":false", "\"correct\":true")
                : line;
    }

    @Test
    void problemsWithTheSameIdAreNumbered() throws IOException {
        Path twins = Files.writeString(folder.resolve("twins.jsonl"), """
                {"id": "x", "problem": "1+1=", "answer": "2"}
                {"id": "x", "problem": "2+3=", "answer": "5"}
                """);
        Benchmark suite = new PromptedBenchmark(FolderBenchmark.of(twins), "{problem}");
        SuitePlan plan = SuitePlan.of(suite, config(0), PromptEncoder.plain(policy.tokenizer()));
        assertThat(plan.ids()).containsExactly("0", "1");
        assertThat(plan.tasks()).extracting(SuitePlan.Task::seed).doesNotHaveDuplicates();
    }

    @Test
    void anotherModelHasAnotherFingerprint() throws IOException {
        String before = ModelFingerprint.of(model);
        Path weights = model.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);
        assertThat(ModelFingerprint.of(model)).isNotEqualTo(before);
    }

    private EvaluationResult run(Path output, EvaluationConfig config) throws IOException {
        try (Replicas replicas = replicas()) {
            return evaluation(output, config)
                    .run(replicas, (suite, done, total) -> assertThat(total).isEqualTo(TOTAL));
        }
    }

    private EvaluationRun evaluation(Path output, EvaluationConfig config) throws IOException {
        List<Benchmark> suites = List.of(suite("problems.jsonl"), suite("more.jsonl"));
        return new EvaluationRun(policy, model, PromptEncoder.plain(policy.tokenizer()), suites, config, output);
    }

    private Benchmark suite(String name) {
        return new PromptedBenchmark(FolderBenchmark.of(folder.resolve(name)), "{problem}");
    }

    private static EvaluationConfig config(long seed) {
        return new EvaluationConfig(3, 8, 1, 1, seed, null, null, "{problem}", 8);
    }

    private static Replicas replicas() {
        return new Replicas(2);
    }

    private static void assertSame(Path expected, Path found) throws IOException {
        for (String file : FILES) {
            assertThat(Files.readString(found.resolve(file)))
                    .as(file)
                    .isEqualTo(Files.readString(expected.resolve(file)));
        }
    }

    private static List<JsonNode> lines(Path output) throws IOException {
        ObjectMapper json = new ObjectMapper();
        return Files.readAllLines(output.resolve("samples.jsonl"), StandardCharsets.UTF_8).stream()
                .map(line -> {
                    try {
                        return json.readTree(line);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }
}
