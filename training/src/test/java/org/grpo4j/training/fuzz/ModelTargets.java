package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.config.RopeScaling;
import org.grpo4j.models.lora.AdapterFolder;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.lora.LoraConfig;
import org.grpo4j.models.weights.AdapterBase;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.nd4j.linalg.api.buffer.DataType;

/** Folders of whole models and of adapters. */
final class ModelTargets {

    private ModelTargets() {}

    private static DecoderConfig config(ModelFamily family) {
        return DecoderConfig.builder(family)
                .vocabularySize(12)
                .width(8)
                .feedForward(8)
                .layers(2)
                .heads(2)
                .kvHeads(1)
                .headDim(4)
                .bosTokenId(1)
                .eosTokenIds(List.of(2, 3))
                .tiedEmbeddings(family == ModelFamily.QWEN3)
                .ropeScaling(family == ModelFamily.LLAMA ? new RopeScaling(8, 1, 4, 64) : null)
                .build();
    }

    private static byte[] mutate(String file, byte[] content, Random random) {
        return file.endsWith(".json")
                ? JsonMutator.mutate(content, random)
                : SafetensorsMutator.mutate(content, random);
    }

    /** {@code config.json}, {@code generation_config.json} and weights. */
    static final class Model implements FuzzTarget {

        @Override
        public String name() {
            return "model";
        }

        @Override
        public List<Map<String, byte[]>> seeds() throws IOException {
            return List.of(
                    seed(ModelFamily.LLAMA, TensorType.F32),
                    seed(ModelFamily.QWEN2, TensorType.BF16),
                    seed(ModelFamily.QWEN3, TensorType.F16));
        }

        private static Map<String, byte[]> seed(ModelFamily family, TensorType type) throws IOException {
            return Seeds.writtenBy(folder -> {
                try (Checkpoint model = Checkpoint.random(config(family), 1, DataType.FLOAT, CompanionFiles.none())) {
                    model.writeInto(folder, type);
                }
            });
        }

        @Override
        public List<String> favourites() {
            return List.of("config.json");
        }

        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            return ModelTargets.mutate(file, content, random);
        }

        @Override
        public void load(Path folder) throws IOException {
            DecoderConfig config = DecoderConfig.read(folder.resolve("config.json"));
            requireSameWhenWritten(folder, config);
            try (Checkpoint model = Checkpoint.load(folder, DataType.FLOAT)) {
                model.stopIds();
                model.config().inverseFrequencies();
            }
        }

        private static void requireSameWhenWritten(Path folder, DecoderConfig config) throws IOException {
            Path written = Files.writeString(folder.resolve("written.json"), config.toJson());
            DecoderConfig again = DecoderConfig.read(written);
            // Keys that this project does not read may gain the usual ones.
            if (!bare(again).equals(bare(config))) {
                throw new AssertionError("written and read again " + config + " is " + again);
            }
        }
    }

    private static DecoderConfig bare(DecoderConfig config) {
        return config.toBuilder().otherKeys(Map.of()).build();
    }

    /** {@code adapter_config.json} and {@code adapter_model.safetensors} beside their base model. */
    static final class Adapter implements FuzzTarget {

        @Override
        public String name() {
            return "adapter";
        }

        @Override
        public List<Map<String, byte[]>> seeds() throws IOException {
            return List.of(seed(Set.of("q_proj", "v_proj")), seed(Set.of("model.layers.1.mlp.up_proj", "o_proj")));
        }

        private static Map<String, byte[]> seed(Set<String> targets) throws IOException {
            return Seeds.writtenBy(folder -> {
                DecoderConfig config = config(ModelFamily.QWEN2);
                Path base = Files.createDirectory(folder.resolve("base"));
                try (Checkpoint model = Checkpoint.random(config, 1, DataType.FLOAT, CompanionFiles.none())) {
                    model.writeInto(base, TensorType.F32);
                }
                LoraConfig settings = new LoraConfig(2, 4, 0, targets, false);
                try (LoraAdapter adapter = LoraAdapter.random(settings, config, "base", 1, DataType.FLOAT)) {
                    AdapterFolder.write(folder, adapter, TensorType.F32);
                }
            });
        }

        @Override
        public List<String> favourites() {
            return List.of(AdapterFolder.CONFIG, AdapterFolder.WEIGHTS);
        }

        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            return ModelTargets.mutate(file, content, random);
        }

        @Override
        public void load(Path folder) {
            DecoderConfig base = DecoderConfig.read(folder.resolve("base/config.json"));
            AdapterFolder.load(folder, base, DataType.FLOAT).close();
            AdapterBase.of(folder);
            Checkpoint.load(folder, DataType.FLOAT).merged().close();
        }
    }
}
