package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.trainer.Policy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that look at benchmarks and data sets, from the command line. */
class EvalCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private Path problems;
    private Path model;

    @BeforeEach
    void makeAModel() throws IOException {
        problems = TinyRun.problems(folder);
        model = folder.resolve("model");
        try (Policy policy = Policy.of(TinyRun.train(folder).model(), 3)) {
            policy.checkpoint().save(model, TensorType.F32);
        }
    }

    @Test
    void suitesBecomeATableAndAFolder() throws IOException {
        Path output = folder.resolve("out");
        Cli run = eval(
                output,
                "--suite",
                problems + ",arithmetic",
                "--limit",
                5,
                "--samples",
                2,
                "--prompt-template",
                "{problem}");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(5);
        assertThat(run.out()).contains("pass@1", "maj@2", "problems.jsonl", "arithmetic", "mean");
        assertThat(run.err()).contains("20 of 20 completions", output.toString());
        assertThat(Files.readAllLines(output.resolve("samples.jsonl"))).hasSize(20);
        assertThat(Files.readString(output.resolve("report.html")))
                .contains("By number of samples", "Verdicts, completions", "Completions", "model_fingerprint")
                .doesNotContain("<script", "Curves");
        Cli again = eval(
                output,
                "--suite",
                problems + ",arithmetic",
                "--limit",
                5,
                "--samples",
                2,
                "--prompt-template",
                "{problem}",
                "--json",
                "--quiet");
        assertThat(again.err()).isEmpty();
        JsonNode summary = JSON.readTree(again.out());
        assertThat(summary)
                .isEqualTo(JSON.readTree(output.resolve("summary.json").toFile()));
        assertThat(summary.at("/suites/1/problems").asInt()).isEqualTo(5);
        Cli other =
                eval(output, "--suite", "arithmetic", "--limit", 5, "--samples", 2, "--prompt-template", "{problem}");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.err()).contains("holds another evaluation");
    }

    @Test
    void twoRunsAreCompared() throws IOException {
        Path a = folder.resolve("a");
        Path b = folder.resolve("b");
        assertThat(eval(a, "--suite", problems, "--samples", 2, "--prompt-template", "{problem}")
                        .exitCode())
                .isZero();
        assertThat(eval(b, "--suite", problems, "--samples", 2, "--prompt-template", "{problem}", "--seed", 1)
                        .exitCode())
                .isZero();
        Cli run = Cli.run("eval", "--compare", a, b);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("B − A", "problems.jsonl");
        assertThat(run.err()).contains("differ in seed");
        JsonNode json =
                JSON.readTree(Cli.run("eval", "--compare", a, b, "--json").out());
        assertThat(json.at("/suites/0/problems").asInt()).isEqualTo(20);
        assertThat(json.at("/mean_difference/low").isNumber()).isTrue();
    }

    @Test
    void columnsOfOnesOwnDataCanBeNamed() throws IOException {
        Path mine = Files.writeString(folder.resolve("mine.jsonl"), "{\"aufgabe\": \"1+1=\", \"loesung\": \"2\"}\n");
        Path output = folder.resolve("out");
        assertRefused(eval(output, "--suite", mine), "has no problem column");
        Cli run = eval(
                output,
                "--suite",
                mine,
                "--problem-column",
                "aufgabe",
                "--answer-column",
                "loesung",
                "--prompt-template",
                "{problem}");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(3);
    }

    @Test
    void trainingTakesABenchmarkByItsName() throws IOException {
        Cli run = Cli.run(
                "train",
                "--config",
                TinyRun.trainFile(folder),
                "--quiet",
                "--set",
                "data.path=benchmark:arithmetic",
                "--set",
                "training.steps=1");
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    @Test
    void badInputIsOneSentence() {
        Path output = folder.resolve("out");
        assertRefused(eval(output, "--suite", "maths"), "is neither a path that exists nor a known name");
        assertRefused(eval(output, "--suite", "math500", "--data", folder), "the problems of math500 are not there");
        assertRefused(eval(output, "--suite", problems, "--samples", 0), "samples is 0");
        assertRefused(eval(output, "--suite", "arithmetic", "--top-p", 2), "top_p is 2.0");
        assertRefused(eval(output, "--suite", problems, "--samples", 2, "--temperature", 0), "would be the same");
        assertRefused(eval(output, "--suite", problems, "--prompt-template", "x"), "must contain {problem}");
        assertRefused(Cli.run("eval", "--compare", model, model), "holds no evaluation");
        assertRefused(
                Cli.run("eval", "--compare", model, model, "--compare", model, model), "takes two output folders");
        assertRefused(Cli.run("eval"), "grpo4j eval");
        assertRefused(Cli.run("eval", "--model", model), "--suite");
        assertThat(output).doesNotExist();
    }

    @Test
    void overlapNamesWhatTwoSetsShare() throws IOException {
        Path other = Files.writeString(
                folder.resolve("other.jsonl"),
                "{\"question\": \" 7 + 3 = \", \"answer\": 10}\n{\"question\": \"no\", \"answer\": 1}\n");
        Cli text = Cli.run("data", "overlap", problems, other);
        assertThat(text.exitCode()).as(text.err()).isZero();
        assertThat(text.out()).contains("2 problems, 1 of them also in the other set", "exact", "7+3=");
        JsonNode json = JSON.readTree(Cli.run("data", "overlap", problems, other, "--json", "--ngram", 5)
                .out());
        assertThat(json.at("/second/exact").asInt()).isEqualTo(1);
        assertThat(json.at("/ngram").asInt()).isEqualTo(5);
        assertRefused(Cli.run("data", "overlap", problems, folder.resolve("nowhere")), "does not exist");
        assertRefused(Cli.run("data"), "'PATH'");
        assertThat(Cli.run("data", problems).out()).contains("20 rows");
    }

    @Test
    void parquetWithoutItsLibraryIsExplained() throws IOException {
        Path file = Files.writeString(folder.resolve("x.parquet"), "PAR1....PAR1");
        assertRefused(Cli.run("data", file), "build with -Pparquet");
    }

    private Cli eval(Path output, Object... more) {
        Object[] args = new Object[more.length + 7];
        Object[] common = {
            "eval", "--model", model, "--output", output, "--max-new-tokens", 6,
        };
        System.arraycopy(common, 0, args, 0, common.length);
        System.arraycopy(more, 0, args, common.length, more.length);
        return Cli.run(args);
    }

    private static void assertRefused(Cli run, String sentence) {
        assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(sentence).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
    }
}
