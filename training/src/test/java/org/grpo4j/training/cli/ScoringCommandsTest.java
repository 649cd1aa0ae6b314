package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.trainer.Policy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands that read and write JSON. */
class ScoringCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path CASES = Path.of("src/test/resources/objective");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"double, 1e-9, 1e-9", "float, 5e-6, 5e-5"})
    void theObjectiveCommandGivesTheReferenceNumbers(String type, double relative, double ofGradient)
            throws IOException {
        Cli run = Cli.run("objective", "--input", CASES, "--type", type);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> lines = lines(run.out());
        assertThat(lines).hasSize(31);
        assertThat(lines)
                .extracting(line -> line.get("name").asText() + ".json")
                .isSorted();
        for (JsonNode line : lines) {
            JsonNode expected = JSON.readTree(
                            CASES.resolve(line.get("name").asText() + ".json").toFile())
                    .get("expected");
            assertThat(line.fieldNames())
                    .toIterable()
                    .containsExactly("name", "loss", "grad_logp_new", "advantages", "metrics");
            close(line, expected, "loss", relative);
            for (String metric :
                    (Iterable<String>) () -> expected.get("metrics").fieldNames()) {
                close(line.get("metrics"), expected.get("metrics"), metric, relative);
            }
            double[] gradient = flat(expected.get("grad_logp_new"));
            double largest = 0;
            for (double entry : gradient) {
                largest = Math.max(largest, Math.abs(entry));
            }
            assertThat(flat(line.get("grad_logp_new"))).containsExactly(gradient, within(ofGradient * largest));
            assertThat(flat(line.get("advantages")))
                    .containsExactly(flat(expected.get("advantages")), within(relative * 10));
        }
    }

    @Test
    void logProbsNeedNoTokenizerAndAgreeWithTheLogits() throws IOException {
        Path model = model();
        Files.delete(model.resolve("tokenizer.json"));
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"ids\": [3, 1, 4, 1, 5]}\n\n{\"ids\": [2]}\n");
        Path output = folder.resolve("out.jsonl");
        Cli run = Cli.run("logprobs", "--model", model, "--input", input, "--logits", "all", "--output", output);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        List<JsonNode> lines = lines(Files.readString(output));
        assertThat(lines).hasSize(2);
        int[] ids = {3, 1, 4, 1, 5};
        JsonNode logProbs = lines.get(0).get("logprobs");
        assertThat(logProbs.get(0).isNull()).isTrue();
        for (int t = 1; t < ids.length; t++) {
            double[] logits = flat(lines.get(0).get("logits").get(t - 1));
            double total = 0;
            for (double logit : logits) {
                total += Math.exp(logit);
            }
            assertThat(logProbs.get(t).asDouble()).isCloseTo(logits[ids[t]] - Math.log(total), within(1e-5));
        }
        assertThat(lines.get(1).get("logprobs")).hasSize(1);

        JsonNode last = lines(Cli.run("logprobs", "--model", model, "--input", input, "--logits", "last")
                        .out())
                .get(0);
        assertThat(last.get("logits")).isEqualTo(lines.get(0).get("logits").get(4));
        assertThat(lines(Cli.run("logprobs", "--model", model, "--input", input).out())
                        .get(0)
                        .has("logits"))
                .isFalse();
    }

    @Test
    void textsAreTokenizedWithAndWithoutSpecialTokens() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"1+2=\"}\n");
        JsonNode line = lines(Cli.run("tokenize", "--tokenizer", model(), "--input", input)
                        .out())
                .get(0);
        assertThat(line.get("ids")).hasSize(4);
        assertThat(line.get("ids_special").size()).isGreaterThan(4);
        assertThat(line.get("decoded").asText()).isEqualTo("1+2=");
    }

    @Test
    void answersAreVerifiedLineByLine() throws IOException {
        Path input = Files.writeString(folder.resolve("in.jsonl"), """
                {"id": "a", "gold": "1/2", "answer": "So it is \\\\boxed{0.5}."}
                {"id": 7, "gold": ["3", "4"], "answer": "The answer is 4"}
                {"id": "c", "gold": "10", "answer": "no idea"}
                {"id": "d", "gold": "5", "answer_repeat": {"prefix": "So", "unit": " so", "times": 3, "suffix": " \\\\boxed{5}"}}
                """);
        Cli run = Cli.run("verify", "--input", input);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(lines(run.out()))
                .extracting(line -> line.get("id").asText() + " " + line.get("correct"))
                .containsExactly("a true", "7 true", "c false", "d true");
        assertThat(lines(run.out()).get(2).get("gold_parsed").asText()).isEqualTo("10");
    }

    @Test
    void aDatasetIsShownAsTextAndAsJson() throws IOException {
        Path data = TinyRun.problems(folder);
        Cli text = Cli.run("data", data, "--head", 2);
        assertThat(text.out())
                .contains("JSON lines, 20 rows", "  problem: string", "row 1", "as problem 1", "answers: 10")
                .doesNotContain("row 2");
        JsonNode json = lines(Cli.run("data", data, "--json").out()).get(0);
        assertThat(json.get("rows").asInt()).isEqualTo(20);
        assertThat(json.get("problems")).hasSize(3);
    }

    @Test
    void theTrainingBenchmarkReportsItsSettings() throws IOException {
        Cli run = Cli.run(("bench train --layers 1 --width 32 --heads 2 --kv-heads 1 --ffn 64 --vocabulary 50 --batch 3"
                        + " --length 16 --repeats 3 --json")
                .split(" "));
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = lines(run.out()).get(0);
        // Embedding and head 50 · 32 each, projections 32 · (2 · 32 + 2 · 16), feed-forward 3 · 32 · 64, norms 3 · 32.
        assertThat(json.get("parameters").asInt()).isEqualTo(2 * 1600 + 3072 + 6144 + 96);
        double flops = 3.0 * 48 * (2 * (12512 - 1600) + 4 * 16 * 32);
        assertThat(json.get("gflops").asDouble() * json.get("step_seconds").asDouble() * 1e9)
                .isCloseTo(flops, within(1.0));
        assertThat(json.get("sgemm_ratio").asDouble()).isPositive();
        assertThat(json.get("resident_gb").asDouble()).isPositive();
        assertThat(json.get("tokens_per_second").asDouble()).isPositive();
    }

    private Path model() throws IOException {
        Path model = folder.resolve("model");
        try (Policy policy = Policy.of(TinyRun.train(folder).model(), 1)) {
            policy.checkpoint().save(model, TensorType.F32);
        }
        return model;
    }

    private static void close(JsonNode actual, JsonNode expected, String field, double relative) {
        if (expected.get(field).isNull()) {
            assertThat(actual.get(field).isNull()).as(field).isTrue();
            return;
        }
        double number = expected.get(field).asDouble();
        assertThat(actual.get(field).asDouble())
                .as(field)
                .isCloseTo(number, within(relative * Math.max(1, Math.abs(number))));
    }

    private static double[] flat(JsonNode list) {
        List<Double> numbers = new ArrayList<>();
        list.forEach(entry -> {
            if (entry.isArray()) {
                entry.forEach(number -> numbers.add(number.asDouble()));
            } else {
                numbers.add(entry.asDouble());
            }
        });
        return numbers.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static List<JsonNode> lines(String text) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : text.lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    @Test
    void decodingIsBenchmarked() throws IOException {
        Cli run = Cli.run(("bench decode --layers 1 --width 32 --heads 2 --kv-heads 1 --ffn 64 --vocabulary 50 --tied"
                        + " --qkv-bias --rows 3 --new-tokens 5 --prompt-length 4 --repeats 1 --threads 2 --json")
                .split(" "));
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(run.out());
        double perSecond = json.get("tokens_per_second").asDouble();
        assertThat(perSecond).isCloseTo(15 / json.get("seconds").asDouble(), within(1e-6 * perSecond));
        // Everything multiplies in a tied model; the mean context is the prompt and half of the completion.
        double flops = 2.0 * json.get("parameters").asLong() + 4 * (4 + 2.5) * 32;
        assertThat(json.get("gflops").asDouble()).isCloseTo(perSecond * flops / 1e9, within(1e-6));
        assertThat(json.get("threads").asInt()).isEqualTo(2);
        double reading = 4.0
                * json.get("parameters").asLong()
                / (1e9 * json.get("copy_gb_per_second").asDouble());
        double computing = 3 * flops / (1e9 * json.get("sgemm_gflops").asDouble());
        assertThat(json.get("bound_tokens_per_second").asDouble())
                .isCloseTo(3 / Math.max(reading, computing), within(1.0));
        assertThat(json.get("bound_ratio").asDouble()).isPositive();
        assertThat(json.get("resident_gb").asDouble()).isPositive();
    }

    @Test
    void impossibleBenchmarksAreRefused() {
        assertThat(Cli.run("bench", "decode", "--rows", "0").exitCode()).isEqualTo(2);
        assertThat(Cli.run("bench", "decode", "--repeats", "0").exitCode()).isEqualTo(2);
    }
}
