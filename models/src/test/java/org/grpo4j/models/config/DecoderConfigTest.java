package org.grpo4j.models.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.grpo4j.models.Fixtures.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecoderConfigTest {

    private static final String LLAMA = """
            "model_type": "llama", "vocab_size": 100, "hidden_size": 64, "intermediate_size": 96,
            "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2""";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"qwen2-tiny", "qwen3-tiny", "llama3-tiny", "llama-tiny-bf16"})
    void whatIsReadIsWrittenAndReadAgain(String name) throws IOException {
        DecoderConfig config = DecoderConfig.read(checkpoint(name).resolve("config.json"));
        assertThat(DecoderConfig.read(write(config.toJson()))).isEqualTo(config);
        assertThat(config.otherKeys()).containsKeys("transformers_version", "attention_dropout");
    }

    @Test
    void readsTheFieldsOfEachFamily() {
        DecoderConfig qwen2 = DecoderConfig.read(checkpoint("qwen2-tiny").resolve("config.json"));
        assertThat(qwen2.family()).isEqualTo(ModelFamily.QWEN2);
        assertThat(qwen2.attentionBias()).isTrue();
        assertThat(qwen2.outputBias()).isFalse();
        assertThat(qwen2.tiedEmbeddings()).isTrue();
        assertThat(qwen2.headDim()).isEqualTo(8);

        DecoderConfig qwen3 = DecoderConfig.read(checkpoint("qwen3-tiny").resolve("config.json"));
        assertThat(qwen3.qkNorm()).isTrue();
        assertThat(qwen3.attentionBias()).isFalse();
        assertThat(qwen3.headDim()).isEqualTo(16);
        assertThat(qwen3.parameterShapes().get("model.layers.0.self_attn.q_proj.weight"))
                .containsExactly(64, 40);

        DecoderConfig llama3 = DecoderConfig.read(checkpoint("llama3-tiny").resolve("config.json"));
        assertThat(llama3.ropeScaling()).isEqualTo(new RopeScaling(8, 1, 4, 48));
        assertThat(llama3.ropeTheta()).isEqualTo(500_000);
        assertThat(llama3.eosTokenIds()).containsExactly(2);
    }

    @Test
    void understandsTheNewerSpellingOfRotarySettings() throws IOException {
        DecoderConfig config = parse(LLAMA + """
                , "dtype": "bfloat16", "rope_parameters": {"rope_theta": 500000.0, "rope_type": "llama3", "factor": 32.0,
                "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}""");
        assertThat(config.ropeTheta()).isEqualTo(500_000);
        assertThat(config.ropeScaling()).isEqualTo(new RopeScaling(32, 1, 4, 8192));
        assertThat(config.torchDtype()).isEqualTo("bfloat16");
        assertThat(parse(LLAMA + ", \"rope_scaling\": {\"rope_type\": \"default\"}")
                        .ropeScaling())
                .isNull();
    }

    @Test
    void takesSeveralEndIdsAndKeepsUnknownKeys() throws IOException {
        DecoderConfig config =
                parse(LLAMA + ", \"eos_token_id\": [7, 9], \"bos_token_id\": null, \"note\": {\"a\": null}");
        assertThat(config.eosTokenIds()).isEqualTo(List.of(7, 9));
        assertThat(config.bosTokenId()).isNull();
        assertThat(config.toJson()).contains("\"note\"");
        assertThat(config.kvHeads()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"mamba\"                               | model_type \"mamba\"",
                "\"hidden_act\": \"gelu\"                                | hidden_act",
                "\"mlp_bias\": true                                      | mlp_bias",
                "\"use_sliding_window\": true                            | use_sliding_window",
                "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4} | rope_scaling.rope_type",
                "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4}   | rope_scaling.type",
                "\"rope_scaling\": {\"rope_type\": \"llama3\"}           | rope_scaling.factor is missing",
                "\"quantization_config\": {\"bits\": 4}                  | quantization_config",
                "\"num_local_experts\": 8                                | num_local_experts",
                "\"layer_types\": [\"sliding_attention\"]                | layer_types",
                "\"vocab_size\": null                                    | vocab_size is missing",
                "\"vocab_size\": \"many\"                                | vocab_size is \"many\"",
                "\"num_key_value_heads\": 3                              | num_key_value_heads is 3",
                "\"head_dim\": 7                                         | head_dim is 7",
                "\"hidden_size\": 66                                     | hidden_size is 66",
                "\"num_hidden_layers\": -1                               | num_hidden_layers is -1",
            })
    void refusesByName(String fields, String message) {
        assertThatThrownBy(() -> parse(LLAMA + ", " + fields))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(message);
    }

    @Test
    void namesAMissingOrBrokenFile() {
        assertThatThrownBy(() -> DecoderConfig.read(folder.resolve("none/config.json")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> DecoderConfig.read(write("{\"model_type\": ")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not valid JSON");
    }

    @Test
    void refusesMoreLayersThanAnyModelHas() {
        assertThatThrownBy(() ->
                        parse(LLAMA.replaceFirst("\"num_hidden_layers\": *\\d+", "\"num_hidden_layers\": 2147483647")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("num_hidden_layers is 2147483647");
    }

    @Test
    void frequenciesFollowTheBaseAndTheScaling() {
        DecoderConfig plain = DecoderConfig.builder(ModelFamily.LLAMA)
                .vocabularySize(10)
                .width(32)
                .feedForward(8)
                .layers(1)
                .heads(2)
                .build();
        assertThat(plain.inverseFrequencies()[0]).isEqualTo(1);
        assertThat(plain.inverseFrequencies()[4]).isCloseTo(0.01, within(1e-15));

        // One frequency in each range of the scaling: wavelengths below 12, above 48 and in between.
        double[] scaled = DecoderConfig.read(checkpoint("llama3-tiny").resolve("config.json"))
                .inverseFrequencies();
        double theta = 500_000;
        assertThat(scaled[0]).isEqualTo(1);
        assertThat(scaled[7]).isCloseTo(Math.pow(theta, -14.0 / 16) / 8, within(1e-15));
        double middle = Math.pow(theta, -2.0 / 16);
        double smooth = (48 * middle / (2 * Math.PI) - 1) / 3;
        assertThat(scaled[1]).isCloseTo((1 - smooth) * middle / 8 + smooth * middle, within(1e-15));
    }

    @Test
    void parametersComeInTheOrderOfHuggingFace() {
        DecoderConfig config = DecoderConfig.builder(ModelFamily.QWEN2)
                .vocabularySize(10)
                .width(8)
                .feedForward(12)
                .layers(1)
                .heads(2)
                .kvHeads(1)
                .tiedEmbeddings(true)
                .build();
        String layer = "model.layers.0.";
        assertThat(config.parameterShapes().keySet())
                .containsExactly(
                        "model.embed_tokens.weight",
                        layer + "self_attn.q_proj.weight",
                        layer + "self_attn.q_proj.bias",
                        layer + "self_attn.k_proj.weight",
                        layer + "self_attn.k_proj.bias",
                        layer + "self_attn.v_proj.weight",
                        layer + "self_attn.v_proj.bias",
                        layer + "self_attn.o_proj.weight",
                        layer + "mlp.gate_proj.weight",
                        layer + "mlp.up_proj.weight",
                        layer + "mlp.down_proj.weight",
                        layer + "input_layernorm.weight",
                        layer + "post_attention_layernorm.weight",
                        "model.norm.weight");
    }

    private DecoderConfig parse(String fields) throws IOException {
        return DecoderConfig.read(write("{" + fields + "}"));
    }

    private Path write(String json) throws IOException {
        return Files.writeString(folder.resolve("config.json"), json);
    }
}
