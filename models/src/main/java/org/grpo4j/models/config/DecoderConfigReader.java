package org.grpo4j.models.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/**
 * From {@code config.json} to a {@link DecoderConfig}. Both spellings of the rotary settings are understood: {@code
 * rope_theta} with {@code rope_scaling}, and the newer {@code rope_parameters}; likewise {@code torch_dtype} and {@code
 * dtype}. What would change the arithmetic and is not computed here is refused by name.
 */
final class DecoderConfigReader {

    static final ObjectMapper JSON = new ObjectMapper();

    private DecoderConfigReader() {}

    static DecoderConfig read(Path configJson) {
        if (!Files.isRegularFile(configJson)) {
            throw new InputException("There is no model configuration " + configJson
                    + "; give a folder that holds a Hugging Face config.json.");
        }
        try {
            return parse(JSON.readTree(Files.readString(configJson)));
        } catch (InputException e) {
            throw new InputException(configJson + ": " + e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new InputException(configJson + " is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new InputException(configJson + " cannot be read: " + e.getMessage(), e);
        }
    }

    static DecoderConfig parse(JsonNode root) {
        if (!root.isObject()) {
            throw new InputException("the file must hold one JSON object.");
        }
        ConfigFields fields = new ConfigFields(root, "");
        ModelFamily family = family(fields);
        UnsupportedFields.refuse(fields);
        DecoderConfigBuilder builder = DecoderConfig.builder(family)
                .vocabularySize(fields.requiredInt("vocab_size"))
                .width(fields.requiredInt("hidden_size"))
                .feedForward(fields.requiredInt("intermediate_size"))
                .layers(fields.requiredInt("num_hidden_layers"))
                .heads(fields.requiredInt("num_attention_heads"))
                .kvHeads(fields.intOr("num_key_value_heads", 0))
                .headDim(fields.intOr("head_dim", 0))
                .maxPositionEmbeddings(fields.intOr("max_position_embeddings", family.defaultMaxPositionEmbeddings()))
                .normEpsilon(fields.doubleOr("rms_norm_eps", 1e-6))
                .tiedEmbeddings(fields.booleanOr("tie_word_embeddings", false))
                .bosTokenId(fields.optionalInt("bos_token_id"))
                .eosTokenIds(fields.intList("eos_token_id"))
                .torchDtype(fields.stringOr("torch_dtype", fields.stringOr("dtype", "float32")))
                .otherKeys(otherKeys(root));
        // Hugging Face's Qwen2 has its biases whatever attention_bias says.
        if (family != ModelFamily.QWEN2) {
            builder.attentionBias(fields.booleanOr("attention_bias", false));
        }
        readRope(fields, builder);
        return builder.build();
    }

    private static ModelFamily family(ConfigFields fields) {
        String modelType = fields.stringOr("model_type", "");
        if (modelType.isEmpty()) {
            throw new InputException("model_type is missing; known types are " + ModelFamily.knownModelTypes() + ".");
        }
        return ModelFamily.ofModelType(modelType)
                .orElseThrow(() -> new InputException("model_type \"" + modelType
                        + "\" is not supported; known types are " + ModelFamily.knownModelTypes() + "."));
    }

    private static void readRope(ConfigFields fields, DecoderConfigBuilder builder) {
        double theta = fields.doubleOr("rope_theta", 10_000);
        if (fields.has("rope_parameters")) {
            ConfigFields rope = fields.child("rope_parameters");
            builder.ropeTheta(rope.doubleOr("rope_theta", theta)).ropeScaling(scaling(rope));
        } else {
            builder.ropeTheta(theta)
                    .ropeScaling(fields.has("rope_scaling") ? scaling(fields.child("rope_scaling")) : null);
        }
    }

    private static @Nullable RopeScaling scaling(ConfigFields rope) {
        // Before it was called rope_type the key was "type".
        String key = rope.has("rope_type") || !rope.has("type") ? "rope_type" : "type";
        String type = rope.stringOr(key, "default");
        if (type.equals("default")) {
            return null;
        }
        if (!type.equals("llama3")) {
            throw rope.unsupported(key, "known kinds are default and llama3.");
        }
        return new RopeScaling(
                rope.requiredDouble("factor"),
                rope.requiredDouble("low_freq_factor"),
                rope.requiredDouble("high_freq_factor"),
                rope.requiredInt("original_max_position_embeddings"));
    }

    private static Map<String, @Nullable Object> otherKeys(JsonNode root) {
        Map<String, @Nullable Object> keys =
                JSON.convertValue(root, new TypeReference<TreeMap<String, @Nullable Object>>() {});
        keys.keySet()
                .removeIf(key ->
                        DecoderConfigWriter.OWN_KEYS.contains(key) && !DecoderConfigWriter.OPTIONAL_KEYS.contains(key));
        return keys;
    }
}
