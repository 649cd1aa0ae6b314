package org.grpo4j.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class RandomWeightsTest {

    private static final DecoderConfig CONFIG = DecoderConfig.builder(ModelFamily.QWEN2)
            .vocabularySize(200)
            .width(64)
            .feedForward(96)
            .layers(2)
            .heads(4)
            .kvHeads(2)
            .tiedEmbeddings(true)
            .eosTokenIds(List.of(1, 2))
            .build();

    @TempDir
    Path folder;

    @Test
    void matricesAreNormalGainsOneBiasesZero() {
        try (ParameterStore weights = RandomWeights.create(CONFIG, 1, DataType.FLOAT)) {
            assertThat(weights.names())
                    .containsExactlyElementsOf(CONFIG.parameterShapes().keySet());
            var embedding = weights.get("model.embed_tokens.weight");
            assertThat(embedding.meanNumber().doubleValue()).isCloseTo(0, within(1e-3));
            assertThat(embedding.stdNumber().doubleValue()).isCloseTo(0.02, within(1e-3));
            assertThat(weights.get("model.norm.weight").minNumber().floatValue())
                    .isEqualTo(1);
            assertThat(weights.get("model.layers.1.self_attn.k_proj.bias")
                            .amaxNumber()
                            .floatValue())
                    .isZero();
        }
    }

    @Test
    void aSeedFixesEveryBitInBothTypes() {
        String name = "model.layers.1.mlp.up_proj.weight";
        try (ParameterStore one = RandomWeights.create(CONFIG, 7, DataType.FLOAT);
                ParameterStore same = RandomWeights.create(CONFIG, 7, DataType.FLOAT);
                ParameterStore wide = RandomWeights.create(CONFIG, 7, DataType.DOUBLE);
                ParameterStore other = RandomWeights.create(CONFIG, 8, DataType.FLOAT)) {
            float[] values = one.get(name).ravel().toFloatVector();
            assertThat(same.get(name).ravel().toFloatVector()).isEqualTo(values);
            assertThat(wide.get(name).ravel().toFloatVector()).isEqualTo(values);
            assertThat(other.get(name).ravel().toFloatVector()).isNotEqualTo(values);
            assertThat(one.get("model.layers.0.mlp.up_proj.weight").ravel().toFloatVector())
                    .isNotEqualTo(values);
        }
    }

    /** Narrow from the start is the same as rounded when loaded. */
    @Test
    void narrowMatricesAreTheRoundedOnes() throws IOException {
        try (Checkpoint wide = Checkpoint.random(CONFIG, 5, DataType.FLOAT, CompanionFiles.none());
                Checkpoint narrow =
                        Checkpoint.random(CONFIG, 5, DataType.FLOAT, CompanionFiles.none(), WeightStorage.bfloat16())) {
            wide.save(folder.resolve("wide"), TensorType.F32);
            try (Checkpoint loaded =
                    Checkpoint.load(folder.resolve("wide"), DataType.FLOAT, WeightStorage.bfloat16())) {
                for (String name : CONFIG.parameterShapes().keySet()) {
                    INDArray expected = loaded.parameters().get(name);
                    assertThat(narrow.parameters().isNarrow(name)).isEqualTo(expected.rank() == 2);
                    assertThat(narrow.parameters().get(name)).as(name).isEqualTo(expected);
                }
            }
        }
    }

    @Test
    void aFreshModelIsSavedAsAWholeFolder() throws IOException {
        try (Tokenizer tokenizer = CharacterTokenizer.of("0123456789+= ");
                Checkpoint fresh = Checkpoint.random(CONFIG, 3, DataType.FLOAT, CompanionFiles.of(tokenizer))) {
            fresh.save(folder.resolve("fresh"), TensorType.F32);
        }
        assertThat(folder.resolve("fresh/generation_config.json")).content().contains("eos_token_id");
        try (Checkpoint loaded = Checkpoint.load(folder.resolve("fresh"), DataType.FLOAT)) {
            assertThat(loaded.stopIds()).containsExactly(1, 2);
            assertThat(loaded.config().tiedEmbeddings()).isTrue();
        }
        try (Tokenizer tokenizer = Tokenizer.load(folder.resolve("fresh"))) {
            assertThat(tokenizer.decode(tokenizer.encode("1 + 2 = 3", false), true))
                    .isEqualTo("1 + 2 = 3");
        }
    }
}
