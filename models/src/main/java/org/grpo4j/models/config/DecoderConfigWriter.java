package org.grpo4j.models.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * From a {@link DecoderConfig} to the text of a {@code config.json}, keys sorted as Hugging Face sorts them. Rotary
 * settings and the weight type take the older spelling, which every release of Hugging Face reads.
 */
final class DecoderConfigWriter {

    /** Keys that the writer derives from the record; a reader keeps all others as they are. */
    static final Set<String> OWN_KEYS = Set.of(
            "model_type",
            "vocab_size",
            "hidden_size",
            "intermediate_size",
            "num_hidden_layers",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "max_position_embeddings",
            "rope_theta",
            "rope_scaling",
            "rope_parameters",
            "rms_norm_eps",
            "tie_word_embeddings",
            "attention_bias",
            "bos_token_id",
            "eos_token_id",
            "torch_dtype",
            "dtype");

    /**
     * Those of them that a file may lack, and lacks again when it is written: each release of Hugging Face writes another
     * selection. A config remembers among its other keys which of them it had.
     */
    static final Set<String> OPTIONAL_KEYS = Set.of("head_dim", "rope_scaling", "attention_bias");

    private DecoderConfigWriter() {}

    static String toJson(DecoderConfig config) {
        Map<String, @Nullable Object> keys = new TreeMap<>();
        keys.put("architectures", List.of(config.family().architecture()));
        keys.put("hidden_act", "silu");
        keys.put("initializer_range", config.initializerRange());
        keys.putAll(config.otherKeys());
        keys.put("model_type", config.family().modelType());
        keys.put("vocab_size", config.vocabularySize());
        keys.put("hidden_size", config.width());
        keys.put("intermediate_size", config.feedForward());
        keys.put("num_hidden_layers", config.layers());
        keys.put("num_attention_heads", config.heads());
        keys.put("num_key_value_heads", config.kvHeads());
        boolean usualHeads = (long) config.headDim() * config.heads() == config.width();
        putOptional(keys, "head_dim", config.headDim(), !usualHeads || config.family() == ModelFamily.QWEN3);
        keys.put("max_position_embeddings", config.maxPositionEmbeddings());
        keys.put("rope_theta", config.ropeTheta());
        putOptional(keys, "rope_scaling", ropeScaling(config.ropeScaling()), config.ropeScaling() != null);
        keys.put("rms_norm_eps", config.normEpsilon());
        keys.put("tie_word_embeddings", config.tiedEmbeddings());
        if (config.family() != ModelFamily.QWEN2) {
            putOptional(keys, "attention_bias", config.attentionBias(), config.attentionBias());
        }
        keys.put("bos_token_id", config.bosTokenId());
        keys.put("eos_token_id", eosTokenId(config.eosTokenIds()));
        keys.put("torch_dtype", config.torchDtype());
        return write(keys);
    }

    /** @param needed whether Hugging Face would read something else from a file without the key */
    private static void putOptional(
            Map<String, @Nullable Object> keys, String key, @Nullable Object value, boolean needed) {
        if (needed || keys.containsKey(key)) {
            keys.put(key, value);
        }
    }

    private static @Nullable Object ropeScaling(@Nullable RopeScaling scaling) {
        if (scaling == null) {
            return null;
        }
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("factor", scaling.factor());
        keys.put("high_freq_factor", scaling.highFreqFactor());
        keys.put("low_freq_factor", scaling.lowFreqFactor());
        keys.put("original_max_position_embeddings", scaling.originalMaxPositionEmbeddings());
        keys.put("rope_type", "llama3");
        return keys;
    }

    private static @Nullable Object eosTokenId(List<Integer> ids) {
        if (ids.isEmpty()) {
            return null;
        }
        return ids.size() == 1 ? ids.get(0) : ids;
    }

    private static String write(Map<String, @Nullable Object> keys) {
        // The same bytes on every platform: line feeds, whatever the system's line separator is.
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return DecoderConfigReader.JSON.writer(printer).writeValueAsString(keys) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
