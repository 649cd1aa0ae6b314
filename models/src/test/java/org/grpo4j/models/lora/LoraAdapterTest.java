package org.grpo4j.models.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.Fixtures;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.SequenceScorer;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.models.weights.Checkpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class LoraAdapterTest {

    private static final Set<String> ALL = Set.copyOf(LoraConfig.PROJECTIONS);
    private static final LoraConfig RANK_4 = new LoraConfig(4, 8, 0, ALL, false);
    private static final int[] IDS = {3, 17, 5, 5, 29, 11, 2, 8};

    @TempDir
    Path folder;

    @Test
    void theScaleIsAlphaOverRankOrOverItsRoot() {
        assertThat(new LoraConfig(16, 32, 0, ALL, false).scale()).isEqualTo(2);
        assertThat(new LoraConfig(16, 32, 0, ALL, true).scale()).isEqualTo(8);
    }

    @Test
    void aFreshAdapterChangesNothing() {
        try (Checkpoint base = load("qwen2-tiny");
                LoraAdapter adapter = LoraAdapter.random(RANK_4, base.config(), "", 1, DataType.FLOAT)) {
            assertThat(logits(base.withAdapter(adapter))).isDeepEqualTo(logits(base));
            INDArray a = adapter.parameters().get("model.layers.1.mlp.down_proj.lora_A.weight");
            double bound = 1 / Math.sqrt(a.size(1));
            assertThat(a.amaxNumber().doubleValue()).isBetween(0.9 * bound, bound);
            assertThat(a.meanNumber().doubleValue()).isCloseTo(0, within(0.2 * bound));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny"})
    void aMergedModelGivesTheSameLogits(String name) {
        double[][] base;
        double[][] adapted;
        double[][] merged;
        try (Checkpoint plain = load(name)) {
            base = logits(plain);
            Checkpoint checkpoint = plain.withAdapter(trained(plain, new LoraConfig(3, 5, 0.1, ALL, true)));
            adapted = logits(checkpoint);
            merged = logits(checkpoint.merged());
        }
        assertThat(distance(base, adapted)).isGreaterThan(0.1);
        assertThat(distance(merged, adapted)).isLessThan(1e-4);
    }

    /** Adapters that PEFT 0.21 made and saved, with the logits that it computes in double precision. */
    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny"})
    void anAdapterOfPeftGivesItsLogits(String name) {
        Path adapter = Path.of("src/test/resources/adapters", name);
        JsonNode expected = Fixtures.json(adapter.resolve("expected.json"));
        int[] ids = new ObjectMapper().convertValue(expected.get("ids"), int[].class);
        double[] logits = new ObjectMapper().convertValue(expected.get("last_logits"), double[].class);
        try (Checkpoint checkpoint = Checkpoint.load(adapter, DataType.FLOAT);
                SequenceScorer scorer = new SequenceScorer(checkpoint.model())) {
            double[] ours = scorer.score(ids, SequenceScorer.Logits.LAST).logits()[0];
            assertThat(distance(new double[][] {logits}, new double[][] {ours})).isLessThan(2e-5);
        }
    }

    @Test
    void samplingUsesTheAdapter() {
        try (Checkpoint plain = load("llama3-tiny");
                LoraAdapter adapter = trained(plain, RANK_4)) {
            Checkpoint checkpoint = plain.withAdapter(adapter);
            CompletionRequest request = new CompletionRequest(IDS, 5);
            SamplingConfig sampling = SamplingConfig.onPolicy(12, Set.of());
            Completion completion;
            try (Generator generator = new Generator(checkpoint.model(), 2)) {
                completion = generator.generate(List.of(request), sampling).get(0);
            }
            int[] whole = Arrays.copyOf(IDS, IDS.length + completion.tokens().length);
            System.arraycopy(completion.tokens(), 0, whole, IDS.length, completion.tokens().length);
            try (SequenceScorer scorer = new SequenceScorer(checkpoint.model())) {
                double[] scored =
                        scorer.score(whole, SequenceScorer.Logits.NONE).logProbs();
                for (int t = 0; t < completion.tokens().length; t++) {
                    assertThat(scored[IDS.length + t]).isCloseTo(completion.logProbs()[t], within(1e-4));
                }
            }
        }
    }

    @Test
    void aSavedAdapterIsWhatPeftWrites() throws IOException {
        Path target = folder.resolve("adapter");
        LoraConfig config = new LoraConfig(2, 16, 0.05, Set.of("q_proj", "down_proj"), true);
        try (Checkpoint plain = load("qwen2-tiny");
                LoraAdapter adapter = trained(plain, config)) {
            plain.withAdapter(adapter).save(target, TensorType.F32);
            assertThat(target.resolve("config.json")).doesNotExist();
        }
        JsonNode json = new ObjectMapper().readTree(Files.readString(target.resolve("adapter_config.json")));
        assertThat(json.get("peft_type").asText()).isEqualTo("LORA");
        assertThat(json.get("task_type").asText()).isEqualTo("CAUSAL_LM");
        assertThat(json.get("r").intValue()).isEqualTo(2);
        assertThat(json.get("lora_alpha").toString()).isEqualTo("16");
        assertThat(json.get("lora_dropout").doubleValue()).isEqualTo(0.05);
        assertThat(json.get("use_rslora").booleanValue()).isTrue();
        assertThat(json.get("target_modules").toString()).isEqualTo("[\"q_proj\",\"down_proj\"]");
        assertThat(json.get("base_model_name_or_path").asText())
                .isEqualTo(Fixtures.checkpoint("qwen2-tiny").toString());
        try (SafetensorsFile file = SafetensorsFile.open(target.resolve("adapter_model.safetensors"))) {
            assertThat(file.metadata()).containsEntry("format", "pt");
            List<String> shapes = new ArrayList<>();
            file.tensors().forEach((name, entry) -> shapes.add(name + Arrays.toString(entry.shape())));
            assertThat(shapes)
                    .contains(
                            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight[2, 32]",
                            "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight[32, 2]",
                            "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight[2, 88]",
                            "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight[32, 2]")
                    .hasSize(8);
        }
    }

    @Test
    void aSavedAdapterIsFoundWithItsBase() throws IOException {
        Path target = folder.resolve("adapter");
        double[][] expected;
        try (Checkpoint plain = load("qwen3-tiny");
                LoraAdapter adapter = trained(plain, RANK_4)) {
            Checkpoint checkpoint = plain.withAdapter(adapter);
            expected = logits(checkpoint);
            checkpoint.save(target, TensorType.F32);
        }
        // The name of the base is relative to the working directory, as the fixture's folder is.
        try (Checkpoint loaded = Checkpoint.load(target, DataType.FLOAT)) {
            assertThat(logits(loaded)).isDeepEqualTo(expected);
            assertThat(loaded.adapter().config()).isEqualTo(RANK_4);
        }
        change(target, json -> json.put("base_model_name_or_path", "someone/a-model"));
        assertThatThrownBy(() -> Checkpoint.load(target, DataType.FLOAT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("names the base model \"someone/a-model\", which is no folder here");
    }

    @Test
    void anAdapterOfAnotherModelIsRefused() throws IOException {
        Path target = folder.resolve("adapter");
        try (Checkpoint plain = load("qwen3-tiny");
                LoraAdapter adapter = trained(plain, RANK_4)) {
            plain.withAdapter(adapter).save(target, TensorType.F32);
        }
        try (Checkpoint other = load("llama3-tiny")) {
            assertThatThrownBy(() -> AdapterFolder.load(target, other.config(), DataType.FLOAT))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("adapter_model.safetensors")
                    .hasMessageContaining("it is an adapter of another model");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_dora | true | use_dora is true, which is not supported",
                "modules_to_save | [\"lm_head\"] | modules_to_save is [\"lm_head\"]",
                "rank_pattern | {\"q_proj\":2} | rank_pattern is",
                "bias | \"all\" | bias is all; only none",
                "peft_type | \"IA3\" | peft_type is IA3; only LORA",
                "target_modules | [\"embed_tokens\"] | names embed_tokens, which is not supported",
                "init_lora_weights | \"pissa_niter_4\" | changed the base model's weights too",
                "target_modules | \"(\" | no regular expression",
                "target_modules | \"(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)!\" | takes too long to match",
                "target_modules | [] | names no projection",
                "r | \"x\" | it must be the rank",
                "r | 0 | it must be at least 1",
                "lora_alpha | \"x\" | it must be a number"
            })
    void whatIsNotComputedIsRefusedByName(String field, String value, String message) throws IOException {
        Path target = saved();
        JsonNode parsed = new ObjectMapper().readTree(value);
        change(target, json -> json.set(field, parsed));
        assertThatThrownBy(() -> Checkpoint.load(target, DataType.FLOAT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adapter_config.json")
                .hasMessageContaining(message);
    }

    @Test
    void anExpressionThatWouldFillTheStackIsRefused() throws IOException {
        Path target = saved();
        change(target, json -> json.put("target_modules", "(".repeat(100_000)));
        assertThatThrownBy(() -> Checkpoint.load(target, DataType.FLOAT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a regular expression of 100000 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "\"all-linear\" ~ 7",
                "\".*self_attn.(q|v)_proj\" ~ 2",
                "[\"up_proj\"] ~ 1",
                "[\"model.layers.0.mlp.up_proj\", \"model.layers.1.mlp.up_proj\"] ~ 1",
                "[\"model.layers.1.mlp.up_proj\", \"mlp.down_proj\"] ~ 2"
            })
    void targetsMayBeAListAllOrAPattern(String value, int projections) throws IOException {
        Path target = saved();
        JsonNode parsed = new ObjectMapper().readTree(value);
        change(target, json -> json.set("target_modules", parsed));
        DecoderConfig model =
                DecoderConfig.read(Fixtures.checkpoint("qwen2-tiny").resolve("config.json"));
        assertThat(AdapterConfigJson.read(target.resolve("adapter_config.json"), model)
                        .config()
                        .targetModules())
                .hasSize(projections);
    }

    private Path saved() throws IOException {
        Path target = folder.resolve("adapter");
        try (Checkpoint plain = load("qwen2-tiny");
                LoraAdapter adapter = trained(plain, RANK_4)) {
            plain.withAdapter(adapter).save(target, TensorType.F32);
        }
        return target;
    }

    private static void change(Path adapter, java.util.function.Consumer<ObjectNode> edit) throws IOException {
        Path file = adapter.resolve("adapter_config.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(Files.readString(file));
        edit.accept(json);
        Files.writeString(file, json.toString());
    }

    private static Checkpoint load(String name) {
        return Checkpoint.load(Fixtures.checkpoint(name), DataType.FLOAT);
    }

    /** An adapter whose B is not zero any more. */
    private static LoraAdapter trained(Checkpoint base, LoraConfig config) {
        String name = base.config().family().name().equals("QWEN2")
                ? "qwen2-tiny"
                : base.config().qkNorm() ? "qwen3-tiny" : "llama3-tiny";
        LoraAdapter adapter = LoraAdapter.random(
                config, base.config(), Fixtures.checkpoint(name).toString(), 2, DataType.FLOAT);
        Random random = new Random(4);
        adapter.parameters().names().forEach(parameter -> {
            INDArray array = adapter.parameters().get(parameter);
            for (long i = 0; i < array.length(); i++) {
                array.putScalar(i, array.getDouble(i) + 0.1 * random.nextGaussian());
            }
        });
        return adapter;
    }

    private static double[][] logits(Checkpoint checkpoint) {
        try (SequenceScorer scorer = new SequenceScorer(checkpoint.model())) {
            return scorer.score(IDS, SequenceScorer.Logits.ALL).logits();
        }
    }

    private static double distance(double[][] a, double[][] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[i].length; j++) {
                largest = Math.max(largest, Math.abs(a[i][j] - b[i][j]));
            }
        }
        return largest;
    }
}
