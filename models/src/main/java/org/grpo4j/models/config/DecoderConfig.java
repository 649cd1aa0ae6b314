package org.grpo4j.models.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/**
 * A decoder-only transformer of one of the known families: pre-norm blocks of rotary grouped-query attention and SwiGLU.
 * Read from a Hugging Face {@code config.json} with {@link #read}, or made in Java with {@link #builder}.
 *
 * @param family what {@code model_type} names
 * @param vocabularySize rows of the embedding table ({@code vocab_size})
 * @param width size of the residual stream ({@code hidden_size})
 * @param feedForward inner size of the SwiGLU block ({@code intermediate_size})
 * @param layers number of blocks ({@code num_hidden_layers})
 * @param heads query heads ({@code num_attention_heads})
 * @param kvHeads key and value heads, a divisor of {@code heads} ({@code num_key_value_heads})
 * @param headDim size of one head, even; {@code heads * headDim} need not equal {@code width} ({@code head_dim})
 * @param maxPositionEmbeddings longest sequence in tokens the model was made for
 * @param ropeTheta base of the rotary wavelengths ({@code rope_theta})
 * @param ropeScaling "llama3" scaling, or null for none
 * @param normEpsilon added to the mean square in every RMS norm ({@code rms_norm_eps})
 * @param tiedEmbeddings whether the head is the embedding table itself ({@code tie_word_embeddings})
 * @param attentionBias whether query, key and value projections have a bias; the output projection: {@link #outputBias}
 * @param bosTokenId id that starts a text, or null
 * @param eosTokenIds ids that end a text, possibly none
 * @param torchDtype type of the stored weights as {@code torch_dtype} spells it, e.g. {@code float32}
 * @param otherKeys keys of the file that do not bear on the arithmetic, and optional ones that it had; kept when the
 *     config is written again
 */
public record DecoderConfig(
        ModelFamily family,
        int vocabularySize,
        int width,
        int feedForward,
        int layers,
        int heads,
        int kvHeads,
        int headDim,
        int maxPositionEmbeddings,
        double ropeTheta,
        @Nullable RopeScaling ropeScaling,
        double normEpsilon,
        boolean tiedEmbeddings,
        boolean attentionBias,
        @Nullable Integer bosTokenId,
        List<Integer> eosTokenIds,
        String torchDtype,
        Map<String, @Nullable Object> otherKeys) {

    /** The deepest published decoders have some 130. */
    private static final int MOST_LAYERS = 1024;

    private static final double DEFAULT_INITIALIZER_RANGE = 0.02;

    public DecoderConfig {
        requirePositive("vocab_size", vocabularySize);
        requirePositive("hidden_size", width);
        requirePositive("intermediate_size", feedForward);
        requirePositive("num_hidden_layers", layers);
        if (layers > MOST_LAYERS) {
            throw new InputException("num_hidden_layers is " + layers + "; more than " + MOST_LAYERS
                    + " are taken for damage, because every layer's names are listed before a weight is read.");
        }
        requirePositive("num_attention_heads", heads);
        requirePositive("num_key_value_heads", kvHeads);
        requirePositive("head_dim", headDim);
        requirePositive("max_position_embeddings", maxPositionEmbeddings);
        if (heads % kvHeads != 0) {
            throw new InputException(
                    "num_key_value_heads is " + kvHeads + "; it must divide num_attention_heads, " + heads + ".");
        }
        if (headDim % 2 != 0) {
            throw new InputException("head_dim is " + headDim + "; rotary embedding needs an even size.");
        }
        if (!(ropeTheta > 0 && Double.isFinite(ropeTheta))) {
            throw new InputException("rope_theta is " + ropeTheta + "; it must be a positive number.");
        }
        if (!(normEpsilon >= 0 && Double.isFinite(normEpsilon))) {
            throw new InputException("rms_norm_eps is " + normEpsilon + "; it must not be negative.");
        }
        eosTokenIds = List.copyOf(eosTokenIds);
        // Map.copyOf refuses null values, which a config.json may well hold.
        otherKeys = Collections.unmodifiableMap(new LinkedHashMap<>(otherKeys));
    }

    /** A config to be filled in; see {@link DecoderConfigBuilder} for the defaults. */
    public static DecoderConfigBuilder builder(ModelFamily family) {
        return new DecoderConfigBuilder(family);
    }

    /**
     * Reads a {@code config.json}.
     *
     * @throws InputException if the file is missing or no JSON object, its {@code model_type} is unknown, a required
     *     field is missing or a field asks for something this library does not compute
     */
    public static DecoderConfig read(Path configJson) {
        return DecoderConfigReader.read(configJson);
    }

    /** This config as a builder, to change single fields. */
    public DecoderConfigBuilder toBuilder() {
        return new DecoderConfigBuilder(this);
    }

    /** The text of a {@code config.json} that Hugging Face and {@link #read} load to this config. */
    public String toJson() {
        return DecoderConfigWriter.toJson(this);
    }

    /** Whether the attention output projection has a bias: with {@code attentionBias} in all families but Qwen2. */
    public boolean outputBias() {
        return attentionBias && family != ModelFamily.QWEN2;
    }

    /** Whether each query and key head goes through an RMS norm before rotation. */
    public boolean qkNorm() {
        return family == ModelFamily.QWEN3;
    }

    /** Standard deviation of freshly made weights ({@code initializer_range}). */
    public double initializerRange() {
        return otherKeys.get("initializer_range") instanceof Number range
                ? range.doubleValue()
                : DEFAULT_INITIALIZER_RANGE;
    }

    /**
     * Rotary frequencies in radians a position, {@code [headDim / 2]}: {@code ropeTheta^(-2i / headDim)}, with the
     * scaling applied.
     */
    public double[] inverseFrequencies() {
        double[] frequencies = new double[headDim / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double frequency = 1 / Math.pow(ropeTheta, 2.0 * i / headDim);
            frequencies[i] = ropeScaling == null ? frequency : ropeScaling.scale(frequency);
        }
        return frequencies;
    }

    /**
     * Names and shapes of all parameters, named and ordered as Hugging Face stores them; a linear weight is
     * {@code [out, in]}. A tied head has no entry of its own.
     */
    public LinkedHashMap<String, long[]> parameterShapes() {
        return ParameterShapes.of(this);
    }

    private static void requirePositive(String field, int value) {
        if (value < 1) {
            throw new InputException(field + " is " + value + "; it must be positive.");
        }
    }
}
