package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.ProblemWriter;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.trainer.Policy;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is handed in wrong: one clear sentence, exit code 2, and not a byte written. */
class BadInputTest {

    @TempDir
    Path folder;

    private Path config;

    @BeforeEach
    void writeAGoodConfiguration() throws IOException {
        config = TinyRun.trainFile(folder);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            objective.lambda=1.5           | lambda is 1.5 but must be 0.0 to 1.0
            objective.ratio_level=sequence | ratio_level is sequence together with a trace
            objective.lamda=0.9            | objective.lamda is not a known key; did you mean objective.lambda?
            rollout.group_size=1           | rollout.group_size must be at least 2, because objective.advantage group-std
            rewards.0.name=anwser          | unknown reward "anwser"; known are: answer, format, length
            data.path=nowhere.arrow        | nowhere.arrow
            data.answer_column=result      | has no column "result"
            rollout.stop=["two tokens"]    | stop text 'two tokens' is
            """)
    void settingsThatCannotBe(String override, String sentence) throws IOException {
        assertRefused(sentence, "train", "--config", config, "--set", override);
    }

    @Test
    void aMissingModel() throws IOException {
        assertRefused("There is no model folder", "train", "--config", config, "--set", "model={path: nowhere}");
        assertRefused("There is no model folder", "generate", "--model", "nowhere", "--prompt", "x");
        Path model = model();
        Files.delete(model.resolve("model.safetensors"));
        assertRefused("model.safetensors", train(model));
        assertRefused("model.safetensors", "generate", "--model", model, "--prompt", "x");
    }

    @Test
    void aTruncatedModelFile() throws IOException {
        Path model = model();
        Path file = model.resolve("model.safetensors");
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, 100, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused("model.safetensors", train(model));
        }
    }

    @Test
    void aTensorOfTheWrongShape() throws IOException {
        Path model = model();
        Path json = model.resolve("config.json");
        String changed =
                Files.readString(json).replaceFirst("\"intermediate_size\"\\s*:\\s*64", "\"intermediate_size\": 48");
        Files.writeString(json, changed);
        assertRefused("has shape [64, 32], but config.json asks for [48, 32]", train(model));
    }

    @Test
    void anArrowFileThatWasCut() throws IOException {
        Path data = folder.resolve("cut.arrow");
        ProblemWriter.writeStream(data, ProblemSet.load(folder.resolve("problems.jsonl")));
        byte[] whole = Files.readAllBytes(data);
        Files.write(data, Arrays.copyOf(whole, whole.length / 2));
        assertRefused("cut.arrow", "train", "--config", config, "--set", "data.path=" + data);
        assertRefused("cut.arrow", "data", data);
    }

    @Test
    void aDatasetWithoutAnAnswerColumn() throws IOException {
        Path data = Files.writeString(folder.resolve("questions.jsonl"), "{\"problem\": \"1+1=\", \"level\": 3}\n");
        assertRefused("has no answer column", "train", "--config", config, "--set", "data.path=" + data);
    }

    @Test
    void tokenIdsThatTheModelDoesNotHave() throws IOException {
        Path model = model();
        Path input = folder.resolve("in.jsonl");
        for (Map.Entry<String, String> bad : Map.of(
                        "{\"ids\": [1, 9999]}", "token id 9999 at position 1 is not in the vocabulary",
                        "{\"ids\": [-1]}", "token id -1 at position 0",
                        "{\"ids\": []}", "\"ids\" is empty",
                        "{\"ids\": [1.5]}", "must be a list of whole numbers",
                        "{\"id\": [1]}", "must be a list of whole numbers",
                        "{\"ids\": [1]", "not valid JSON")
                .entrySet()) {
            Files.writeString(input, "{\"ids\": [1, 2]}\n" + bad.getKey() + "\n");
            Path output = folder.resolve("out.jsonl");
            String where = "in.jsonl:2: ";
            assertRefused(where, "logprobs", "--model", model, "--input", input, "--output", output);
            assertRefused(bad.getValue(), "logprobs", "--model", model, "--input", input, "--output", output);
        }
    }

    @Test
    void casesOfTheObjectiveThatAreIncomplete() throws IOException {
        Path bad = Files.writeString(folder.resolve("bad.json"), "{\"name\": \"x\", \"case\": {\"rewards\": [1]}}");
        assertRefused("bad.json: groups is missing", "objective", "--input", bad, "--output", folder.resolve("o"));
        assertRefused("holds no .json file", "objective", "--input", Files.createDirectory(folder.resolve("empty")));
        assertRefused("there is no such file", "objective", "--input", folder.resolve("nowhere.json"));
    }

    @Test
    void aFolderThatHoldsARun() throws IOException {
        Cli first = Cli.run("train", "--config", config, "--quiet", "--set", "training.steps=1");
        assertThat(first.exitCode()).as(first.err()).isZero();
        assertRefused("holds a run already", "train", "--config", config);
        Path model = model();
        assertRefused(
                "has no trainer_state",
                "train",
                "--config",
                config,
                "--set",
                "output=" + folder.resolve("o"),
                "--resume",
                model);
    }

    private Object[] train(Path model) {
        return new Object[] {"train", "--config", config, "--set", "model={path: " + model + "}"};
    }

    private void assertRefused(String sentence, Object... args) throws IOException {
        Map<String, Long> before = files();
        Cli run = Cli.run(args);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.err()).contains(sentence).startsWith("grpo4j: ").doesNotContain("Exception", "\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(files()).isEqualTo(before);
    }

    /** Every file with the time it was written, and every folder. */
    private Map<String, Long> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            Map<String, Long> files = new TreeMap<>();
            for (Path path : all.toList()) {
                boolean isFolder = Files.isDirectory(path);
                files.put(
                        path.toString(),
                        isFolder ? 0 : Files.getLastModifiedTime(path).toMillis());
            }
            return files;
        }
    }

    private Path model() throws IOException {
        Path model = folder.resolve("model");
        try (Policy policy = Policy.of(TinyRun.train(folder).model(), 1)) {
            policy.checkpoint().save(model, TensorType.F32);
        }
        return model;
    }
}
