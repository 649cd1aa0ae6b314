package org.grpo4j.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.grpo4j.models.Fixtures.checkpoint;
import static org.grpo4j.models.Fixtures.json;
import static org.grpo4j.models.Fixtures.shared;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class CheckpointTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void everyTensorHasTheExpectedNumbers(String name) {
        requireExpectedTensors(
                checkpoint(name),
                json(checkpoint(name).resolve("expected.json")).get("tensors"));
    }

    @Test
    void loadsARealModel() {
        Path stories = shared("fixtures/stories260K");
        try (Checkpoint loaded = Checkpoint.load(stories, DataType.FLOAT)) {
            assertThat(loaded.parameters().parameterCount()).isEqualTo(260_032);
            assertThat(loaded.companions().contents()).containsKeys("tokenizer.json", "generation_config.json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void whatIsSavedLoadsEqual(String name) throws IOException {
        for (TensorType type : new TensorType[] {TensorType.F32, TensorType.F64}) {
            Path saved = folder.resolve(name + type);
            try (Checkpoint first = Checkpoint.load(checkpoint(name), DataType.FLOAT)) {
                first.save(saved, type);
                // Saving over an older checkpoint is what a training run does.
                first.save(saved, type);
                try (Checkpoint second = Checkpoint.load(saved, DataType.FLOAT)) {
                    requireEqual(first.parameters(), second.parameters());
                    assertThat(second.config().torchDtype()).isEqualTo(type.torchName());
                    assertThat(second.config().toBuilder()
                                    .torchDtype(first.config().torchDtype())
                                    .build())
                            .isEqualTo(first.config());
                    assertThat(second.stopIds()).isEqualTo(first.stopIds());
                }
            }
            assertThat(saved.resolve("generation_config.json"))
                    .hasSameBinaryContentAs(checkpoint(name).resolve("generation_config.json"));
        }
    }

    /** Loading in any storage and saving in the types that were there gives the very tensors, names, dtypes and config. */
    @ParameterizedTest
    @CsvSource({
        "qwen2-tiny, float32",
        "qwen3-tiny, float32",
        "llama3-tiny, float32",
        "llama-tiny-bf16, float32",
        "llama-tiny-bf16, bfloat16"
    })
    void whatIsSavedAsItWasEqualsTheFolder(String name, String weights) throws IOException {
        Path saved = folder.resolve(name);
        Path sharded = Files.createDirectory(folder.resolve("sharded"));
        try (Checkpoint loaded = Checkpoint.load(checkpoint(name), DataType.FLOAT, WeightStorage.named(weights))) {
            loaded.save(saved);
            loaded.writeInto(sharded, 20_000);
        }
        requireSameModel(checkpoint(name), saved);
        requireSameModel(checkpoint(name), sharded);
        assertThat(saved.resolve("model.safetensors")).exists();
        assertThat(sharded.resolve("model.safetensors")).doesNotExist();
        assertThat(json(sharded.resolve("model.safetensors.index.json"))
                        .get("weight_map")
                        .size())
                .isGreaterThan(20);
    }

    private static void requireSameModel(Path original, Path saved) throws IOException {
        assertThat(json(saved.resolve("config.json"))).isEqualTo(json(original.resolve("config.json")));
        assertThat(DecoderConfig.read(saved.resolve("config.json")))
                .isEqualTo(DecoderConfig.read(original.resolve("config.json")));
        assertThat(saved.resolve("generation_config.json"))
                .hasSameBinaryContentAs(original.resolve("generation_config.json"));
        try (SafetensorsFolder first = SafetensorsFolder.open(original);
                SafetensorsFolder second = SafetensorsFolder.open(saved)) {
            assertThat(second.names()).containsExactlyInAnyOrderElementsOf(first.names());
            for (String tensor : first.names()) {
                SafetensorsFile file = second.fileOf(tensor);
                assertThat(file.metadata()).isEqualTo(first.fileOf(tensor).metadata());
                assertThat(file.typeOf(tensor)).isEqualTo(first.fileOf(tensor).typeOf(tensor));
                try (INDArray numbers = first.fileOf(tensor).read(tensor, DataType.FLOAT)) {
                    // Shapes are part of it, and FLOAT tells all numbers of the narrower types apart.
                    assertThat(file.holds(tensor, numbers)).as(tensor).isTrue();
                }
            }
        }
    }

    @Test
    void narrowMatricesTakeHalfTheMemoryAndTrainedOnesStayWide() {
        try (Checkpoint wide = Checkpoint.load(checkpoint("qwen2-tiny"), DataType.FLOAT);
                Checkpoint narrow = Checkpoint.load(
                        checkpoint("qwen2-tiny"),
                        DataType.FLOAT,
                        WeightStorage.float16().training(name -> name.contains("layers.1.")))) {
            long expected = 0;
            for (String name : wide.parameters().names()) {
                boolean isNarrow = narrow.parameters().isNarrow(name);
                INDArray array = wide.parameters().get(name);
                assertThat(isNarrow).as(name).isEqualTo(array.rank() == 2 && !name.contains("layers.1."));
                expected += array.length() * (isNarrow ? 2 : 4);
            }
            assertThat(narrow.parameters().bytes()).isEqualTo(expected);
            assertThat(narrow.parameters().dataType()).isEqualTo(DataType.FLOAT);
        }
        assertThatThrownBy(() -> WeightStorage.named("int8"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("float32, bfloat16 or float16");
    }

    @Test
    void saysWhatIsGivenInThePlaceOfAModel() throws IOException {
        Path gguf = Files.writeString(folder.resolve("model-q4.gguf"), "GGUF");
        requireRefused(gguf, "GGUF", "do not train", "safetensors release instead");
        requireRefused(folder, "lacks config.json", "model-q4.gguf is in llama.cpp's format");
        requireRefused(Files.writeString(folder.resolve("list.txt"), "a"), "list.txt is a file.");
        requireRefused(
                checkpoint("llama3-tiny").resolve("model-00001-of-00002.safetensors"),
                "model-00001-of-00002.safetensors is a file. Give a Hugging Face folder");
        Path pointer = copyOf("qwen3-tiny");
        Files.writeString(
                pointer.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\noid sha256:1");
        requireRefused(pointer, "git lfs pull");
        Path torch = copyOf("qwen3-tiny");
        Files.move(torch.resolve("model.safetensors"), torch.resolve("pytorch_model.bin"));
        requireRefused(torch, "no weights", "pytorch_model.bin is a PyTorch archive");
    }

    @Test
    void bfloat16IsKeptAndFloat32IsRoundedToIt() throws IOException {
        try (Checkpoint stored = Checkpoint.load(checkpoint("llama-tiny-bf16"), DataType.FLOAT)) {
            stored.save(folder.resolve("again"), TensorType.BF16);
            try (Checkpoint again = Checkpoint.load(folder.resolve("again"), DataType.FLOAT)) {
                requireEqual(stored.parameters(), again.parameters());
            }
        }
        try (Checkpoint exact = Checkpoint.load(checkpoint("qwen3-tiny"), DataType.FLOAT)) {
            exact.save(folder.resolve("rounded"), TensorType.BF16);
            try (Checkpoint rounded = Checkpoint.load(folder.resolve("rounded"), DataType.FLOAT)) {
                for (String name : exact.parameters().names()) {
                    float[] wanted = exact.parameters().get(name).ravel().toFloatVector();
                    float[] found = rounded.parameters().get(name).ravel().toFloatVector();
                    for (int i = 0; i < wanted.length; i++) {
                        assertThat(found[i]).isCloseTo(wanted[i], within(Math.abs(wanted[i]) / 256));
                    }
                }
            }
        }
    }

    @Test
    void stopIdsComeFromBothConfigs() {
        try (Checkpoint qwen = Checkpoint.load(checkpoint("qwen2-tiny"), DataType.FLOAT)) {
            assertThat(qwen.stopIds()).containsExactly(2, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"x\"", "1.5", "[1, null]", "4294967296", "true", "{\"a\": \"b\"}"})
    void stopIdsMustBeIds(String ids) {
        byte[] content = ("{\"eos_token_id\": " + ids + "}").getBytes(StandardCharsets.UTF_8);
        CompanionFiles files = new CompanionFiles(Map.of("generation_config.json", content));
        assertThatThrownBy(() -> files.stopIds(List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("generation_config.json: eos_token_id is or holds");
    }

    @Test
    void refusesAnotherFolderThatIsNotEmpty() throws IOException {
        Files.writeString(folder.resolve("thesis.txt"), "precious");
        try (Checkpoint loaded = Checkpoint.load(checkpoint("qwen2-tiny"), DataType.FLOAT)) {
            assertThatThrownBy(() -> loaded.save(folder, TensorType.F32)).isInstanceOf(InputException.class);
        }
        assertThat(folder.resolve("thesis.txt")).hasContent("precious");
    }

    @Test
    void namesWhatIsWrongWithAFolder() throws IOException {
        requireRefused(folder.resolve("none"), "no model folder");
        Path copy = copyOf("qwen3-tiny");
        edit(copy.resolve("config.json"), "\"hidden_size\": 40", "\"hidden_size\": 48");
        requireRefused(copy, "model.embed_tokens.weight has shape [113, 40]", "[113, 48]", "model.safetensors");

        copy = copyOf("qwen3-tiny");
        edit(copy.resolve("config.json"), "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
        requireRefused(copy, "lacks the tensors model.layers.2.self_attn.q_proj.weight", "and 6 more");

        copy = copyOf("qwen3-tiny");
        edit(copy.resolve("config.json"), "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
        requireRefused(copy, "holds the tensors model.layers.1.");

        copy = copyOf("qwen2-tiny");
        edit(copy.resolve("config.json"), "\"tie_word_embeddings\": true", "\"tie_word_embeddings\": false");
        requireRefused(copy, "lacks the tensor lm_head.weight", "tie_word_embeddings true");

        copy = copyOf("qwen2-tiny");
        try (FileChannel weights = FileChannel.open(copy.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
            weights.truncate(weights.size() - 1);
        }
        requireRefused(copy, "model.safetensors", "truncated");

        copy = copyOf("llama3-tiny");
        Files.delete(copy.resolve("model-00002-of-00002.safetensors"));
        requireRefused(copy, "model-00002-of-00002.safetensors is missing");

        copy = copyOf("llama3-tiny");
        edit(
                copy.resolve("model.safetensors.index.json"),
                "\"lm_head.weight\": \"model-00002",
                "\"lm_head.weight\": \"model-00001");
        requireRefused(copy, "lm_head.weight", "does not hold it");
    }

    @Test
    void aSecondCopyOfATiedHeadIsIgnoredOnlyIfEqual() throws IOException {
        Path copy = copyOf("qwen2-tiny");
        try (Checkpoint tied = Checkpoint.load(copy, DataType.FLOAT)) {
            Map<String, INDArray> tensors = new LinkedHashMap<>();
            tied.parameters()
                    .names()
                    .forEach(name -> tensors.put(name, tied.parameters().get(name)));
            INDArray head = tied.parameters().get("model.embed_tokens.weight").dup();
            tensors.put("lm_head.weight", head);
            SafetensorsWriter.write(copy.resolve("model.safetensors"), tensors, TensorType.F32, Map.of());
            try (Checkpoint again = Checkpoint.load(copy, DataType.FLOAT)) {
                requireEqual(tied.parameters(), again.parameters());
            }
            head.putScalar(5, head.getFloat(5) + 1e-3f);
            SafetensorsWriter.write(copy.resolve("model.safetensors"), tensors, TensorType.F32, Map.of());
            requireRefused(copy, "lm_head.weight differs");
        }
    }

    private void requireRefused(Path path, String... messages) {
        assertThatThrownBy(() -> Checkpoint.load(path, DataType.FLOAT))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(messages);
    }

    private Path copyOf(String name) throws IOException {
        Path copy = Files.createTempDirectory(folder, name);
        try (Stream<Path> files = Files.list(checkpoint(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
        }
        return copy;
    }

    private static void edit(Path file, String old, String replacement) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(old);
        Files.writeString(file, text.replace(old, replacement));
    }

    private static void requireEqual(ParameterStore first, ParameterStore second) {
        assertThat(second.names()).containsExactlyElementsOf(first.names());
        for (String name : first.names()) {
            assertThat(second.get(name).ravel().toFloatVector())
                    .as(name)
                    .isEqualTo(first.get(name).ravel().toFloatVector());
        }
    }

    private static void requireExpectedTensors(Path path, JsonNode tensors) {
        try (Checkpoint loaded = Checkpoint.load(path, DataType.DOUBLE)) {
            assertThat(tensors).isNotEmpty();
            tensors.fields().forEachRemaining(field -> {
                double[] values =
                        loaded.parameters().get(field.getKey()).ravel().toDoubleVector();
                JsonNode expected = field.getValue();
                double sum = 0;
                double size = 0;
                for (double value : values) {
                    sum += value;
                    size += Math.abs(value);
                }
                assertThat(sum).as(field.getKey()).isCloseTo(expected.get("sum").doubleValue(), within(1e-6 * size));
                for (int i = 0; i < expected.get("sample_indices").size(); i++) {
                    double value = values[expected.get("sample_indices").get(i).intValue()];
                    double sample = expected.get("sample_values").get(i).doubleValue();
                    assertThat(value).as(field.getKey()).isCloseTo(sample, within(1e-8 * Math.abs(sample)));
                }
            });
        }
    }
}
