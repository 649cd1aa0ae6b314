package org.grpo4j.training.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelShapes;
import org.grpo4j.models.tokenizer.ByteTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.training.TinyRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code init}, {@code inspect}, training an adapter, and {@code convert}, one after the other as a user goes. */
class ModelCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path shape;
    private Path model;

    @BeforeEach
    void writeAShape() throws IOException {
        shape = folder.resolve("shape.json");
        model = folder.resolve("model");
        Files.writeString(shape, """
                {"model_type": "qwen2", "vocab_size": 300, "hidden_size": 32, "intermediate_size": 64,
                 "num_hidden_layers": 3, "num_attention_heads": 4, "num_key_value_heads": 2,
                 "tie_word_embeddings": true, "eos_token_id": 299, "torch_dtype": "bfloat16"}
                """);
    }

    private static Cli ok(Object... args) {
        Cli run = Cli.run(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private void init() {
        assertThat(ok("init", "--config", shape, "--out", model).out()).contains("bfloat16 in " + model);
    }

    @Test
    void aModelIsMadeInspectedTrainedAndConverted() throws IOException {
        init();
        assertThat(types(model.resolve("model.safetensors"))).containsOnly(TensorType.BF16);
        JsonNode inspected =
                JSON.readTree(ok("inspect", "--model", model, "--json").out());
        assertThat(inspected.path("family").asText()).isEqualTo("qwen2");
        assertThat(inspected.path("parameters").longValue()).isEqualTo(300 * 32 + 3 * 9344 + 32);
        assertThat(inspected.path("tokenizer_tokens").intValue()).isEqualTo(300);
        assertThat(inspected.path("chat_template").booleanValue()).isFalse();
        ok("generate", "--model", model, "--prompt", "1+1=", "--max-new-tokens", 4, "--weights-dtype", "bfloat16");

        Path run = folder.resolve("run");
        Cli train = ok(
                "train",
                "--config",
                TinyRun.trainFile(folder),
                "--set",
                "model={path: " + model + ", weights_dtype: bfloat16}",
                "--set",
                "tuning.lora={rank: 4}",
                "--set",
                "rewards=[{name: format, pattern: '[a-m]'}]",
                "--set",
                "training.steps=2");
        assertThat(train.err())
                .contains("trains     LoRA of rank 4, scale 8.0, on q_proj, k_proj")
                .contains("parameters (");
        assertThat(ok("inspect", "--model", run).out()).contains("adapter     LoRA of rank 4, scale 8.0");

        Path merged = folder.resolve("merged");
        ok("convert", "--model", run, "--out", merged);
        assertThat(types(merged.resolve("model.safetensors"))).containsOnly(TensorType.F32);
        assertThat(merged.resolve("trainer_state")).doesNotExist();
        assertThat(merged.resolve("adapter_config.json")).doesNotExist();
        assertThat(merged.resolve("tokenizer.json")).exists();
        List<Double> adapted = logits(run);
        List<Double> whole = logits(merged);
        for (int i = 0; i < whole.size(); i++) {
            assertThat(whole.get(i)).isCloseTo(adapted.get(i), within(1e-4));
        }
        assertThat(logits(model)).isNotEqualTo(adapted);

        Path alone = folder.resolve("alone");
        ok("convert", "--model", run, "--out", alone, "--keep-adapter");
        assertThat(alone.resolve("model.safetensors")).doesNotExist();
        assertThat(alone.resolve("trainer_state")).doesNotExist();
        assertThat(logits(alone)).isEqualTo(adapted);

        Path shards = folder.resolve("shards");
        ok(
                "convert",
                "--model",
                model,
                "--adapter",
                run,
                "--out",
                shards,
                "--dtype",
                "bfloat16",
                "--shard-gb",
                "0.00001");
        assertThat(shards.resolve("model.safetensors.index.json")).exists();
        assertThat(DecoderConfig.read(shards.resolve("config.json")).torchDtype())
                .isEqualTo("bfloat16");
        ok("generate", "--model", shards, "--prompt", "x", "--max-new-tokens", 2);
    }

    private static List<TensorType> types(Path file) {
        try (SafetensorsFile weights = SafetensorsFile.open(file)) {
            return weights.tensors().values().stream()
                    .map(entry -> entry.type())
                    .distinct()
                    .toList();
        }
    }

    private List<Double> logits(Path of) throws IOException {
        Path ids = Files.writeString(folder.resolve("ids.jsonl"), "{\"ids\": [5, 80, 200, 7]}\n");
        JsonNode line = JSON.readTree(ok("logprobs", "--model", of, "--input", ids, "--logits", "last")
                .out());
        return JSON.convertValue(
                line.path("logits"), JSON.getTypeFactory().constructCollectionType(List.class, Double.class));
    }

    @Test
    void inspectionCountsMemory() throws IOException {
        init();
        JsonNode result = JSON.readTree(
                ok("inspect", "--model", model, "--json", "--replicas", 1, "--length", 64, "--micro-batch-tokens", 128)
                        .out());
        long parameters = result.path("parameters").longValue();
        assertThat(result.path("inference").path("weights_float32").longValue()).isEqualTo(4 * parameters);
        assertThat(result.path("inference").path("kv_cache_per_token").longValue())
                .isEqualTo(2 * 3 * 2 * 8 * 4);
        JsonNode modes = result.path("training").path("modes");
        assertThat(modes).hasSize(5);
        assertThat(modes.get(0).path("mode").asText()).isEqualTo("full");
        assertThat(modes.get(0).path("gradients_and_optimiser").longValue()).isEqualTo(12 * parameters);
        for (JsonNode mode : modes) {
            assertThat(mode.path("activations").longValue())
                    .isGreaterThan(mode.path("activations_recomputed").longValue())
                    .isPositive();
        }
        assertThat(modes.get(2).path("weights").longValue())
                .isLessThan(modes.get(1).path("weights").longValue());
        assertThat(ok("inspect", "--model", model).out())
                .contains("shape       3 layers of width 32", "LoRA rank 16   bfloat16", "tensors in BF16");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "qwen2.5-0.5b",
                "qwen2.5-1.5b",
                "qwen2.5-3b",
                "qwen2.5-7b",
                "qwen2.5-math-1.5b",
                "deepseek-r1-distill-qwen-1.5b",
                "qwen3-0.6b",
                "qwen3-8b",
                "llama-3.1-8b",
                "llama-3.2-1b"
            })
    void everyPublishedShapeHasAStandInTokenizer(String name) {
        DecoderConfig config = ModelShapes.of(name);
        try (Tokenizer tokenizer = ByteTokenizer.of(config)) {
            assertThat(tokenizer.vocabularySize()).isLessThanOrEqualTo(config.vocabularySize());
            assertThat(config.eosTokenIds()).contains(tokenizer.eosId().getAsInt());
            String text = "Grüße, 你好 \n\t¼ \ud83d\ude00";
            int[] ids = tokenizer.encode(text, false);
            assertThat(tokenizer.decode(ids, false)).isEqualTo(text);
            assertThat(Arrays.stream(ids).max().getAsInt()).isLessThan(256);
        }
    }

    /** Sizes as the models' own cards give them, in millions. */
    @ParameterizedTest
    @CsvSource({
        "qwen2.5-0.5b, 494",
        "qwen2.5-1.5b, 1544",
        "qwen2.5-3b, 3086",
        "qwen2.5-7b, 7616",
        "qwen2.5-math-7b, 7616",
        "deepseek-r1-distill-qwen-1.5b, 1777",
        "deepseek-r1-distill-qwen-7b, 7616",
        "qwen3-0.6b, 596",
        "qwen3-1.7b, 1721",
        "qwen3-4b, 4022",
        "qwen3-8b, 8191",
        "llama-3.1-8b, 8030",
        "llama-3.2-1b, 1236",
        "llama-3.2-3b, 3213"
    })
    void shapesHaveTheirPublishedSize(String name, long millions) {
        long parameters = ModelShapes.of(name).parameterShapes().values().stream()
                .mapToLong(dims -> dims.length == 1 ? dims[0] : dims[0] * dims[1])
                .sum();
        assertThat(Math.round(parameters / 1e6)).isEqualTo(millions);
    }

    @Test
    void specialTokensMayHaveLowIds() throws IOException {
        Path low = folder.resolve("low.json");
        Files.writeString(
                low,
                Files.readString(shape).replace("\"eos_token_id\": 299", "\"eos_token_id\": 2, \"bos_token_id\": 1"));
        ok("init", "--config", low, "--out", model);
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            assertThat(tokenizer.eosId()).hasValue(2);
            assertThat(tokenizer.decode(tokenizer.encode("abc", false), false)).isEqualTo("abc");
            assertThat(tokenizer.encode("\u0002", false)).doesNotContain(2);
        }
        Path bare = folder.resolve("bare");
        ok("init", "--config", shape, "--out", bare, "--no-tokenizer");
        assertThat(bare.resolve("tokenizer.json")).doesNotExist();
        assertThat(ok("inspect", "--model", bare).out()).contains("no tokenizer");
    }

    @Test
    void inspectionFindsWhatDoesNotBelongTogether() throws IOException {
        init();
        Path config = model.resolve("config.json");
        String text = Files.readString(config);
        Files.writeString(config, text.replaceAll("\"vocab_size\" : 300", "\"vocab_size\" : 290"));
        refused("config.json asks for [290, 32]", "inspect", "--model", model);
        Files.writeString(config, text);
        Path words = model.resolve("tokenizer_config.json");
        Files.writeString(words, "{\"chat_template\": \"{% include 'x' %}\"}");
        refused("include", "inspect", "--model", model);
        refused("--replicas is -1", "inspect", "--model", model, "--replicas", "-1");
    }

    @Test
    void badInputIsNamed() throws IOException {
        refused("There is no shape \"qwen9\"", "init", "--config", "qwen9", "--out", model);
        refused("is no type of weights", "init", "--config", shape, "--out", model, "--dtype", "int4");
        init();
        refused("is not empty", "init", "--config", shape, "--out", model);
        refused("is not empty", "convert", "--model", model, "--out", folder);
        refused(
                "There is no adapter_config.json",
                "convert",
                "--model",
                model,
                "--adapter",
                folder,
                "--out",
                folder.resolve("x"));
        assertThat(folder.resolve("x")).doesNotExist();
        refused("config.json", "inspect", "--model", folder.resolve("nowhere"));
        Files.writeString(
                folder.resolve("small.json"),
                Files.readString(shape).replace("300", "200").replace("299", "199"));
        refused(
                "no room for the 256 bytes",
                "init",
                "--config",
                folder.resolve("small.json"),
                "--out",
                folder.resolve("y"));
        Path gguf = Files.createDirectories(folder.resolve("gguf"));
        Files.writeString(gguf.resolve("model.gguf"), "GGUF");
        refused("GGUF", "generate", "--model", gguf, "--prompt", "x");
        refused("GGUF", "inspect", "--model", gguf);
        refused("GGUF", "convert", "--model", gguf, "--out", folder.resolve("z"));
    }

    private static void refused(String message, Object... args) {
        Cli run = Cli.run(args);
        assertThat(run.exitCode()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(run.err()).contains(message);
    }
}
