package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

class PolicyTest {

    @TempDir
    Path folder;

    @Test
    void anEmbeddingMayHaveMoreRowsThanTheTokenizerHasIds() throws IOException {
        save(20);
        try (Policy policy = Policy.load(folder)) {
            assertThat(policy.tokenizer().vocabularySize()).isEqualTo(14);
            assertThat(policy.config().vocabularySize()).isEqualTo(20);
        }
    }

    @Test
    void anEmbeddingWithFewerRowsIsRefused() throws IOException {
        save(13);
        assertThatThrownBy(() -> Policy.load(folder))
                .isInstanceOf(InputException.class)
                .hasMessage(folder + ": the tokenizer has 14 tokens but the embedding only 13 rows; they belong to"
                        + " different models, so put the model's own tokenizer files there.");
    }

    /** With a tokenizer of ten digits and its four special tokens. */
    private void save(int rows) throws IOException {
        DecoderConfig config = DecoderConfig.builder(ModelFamily.LLAMA)
                .vocabularySize(rows)
                .width(8)
                .feedForward(8)
                .layers(1)
                .heads(2)
                .kvHeads(2)
                .headDim(4)
                .build();
        try (Tokenizer tokenizer = CharacterTokenizer.of("0123456789");
                Checkpoint checkpoint = Checkpoint.random(config, 1, DataType.FLOAT, CompanionFiles.of(tokenizer))) {
            checkpoint.save(folder, TensorType.F32);
        }
    }
}
