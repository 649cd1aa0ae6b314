package org.grpo4j.models.config;

import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Fills in a {@link DecoderConfig} by name. Vocabulary size, width, feed-forward size, layers and heads must be given;
 * everything else starts at the default of Hugging Face's config class of the family.
 */
public final class DecoderConfigBuilder {

    private static final int QWEN3_HEAD_DIM = 128;

    private final ModelFamily family;
    private int vocabularySize;
    private int width;
    private int feedForward;
    private int layers;
    private int heads;
    private int kvHeads;
    private int headDim;
    private int maxPositionEmbeddings;
    private double ropeTheta = 10_000;
    private @Nullable RopeScaling ropeScaling;
    private double normEpsilon = 1e-6;
    private boolean tiedEmbeddings;
    private boolean attentionBias;
    private @Nullable Integer bosTokenId;
    private List<Integer> eosTokenIds = List.of();
    private String torchDtype = "float32";
    private Map<String, @Nullable Object> otherKeys = Map.of();

    DecoderConfigBuilder(ModelFamily family) {
        this.family = family;
        maxPositionEmbeddings = family.defaultMaxPositionEmbeddings();
        attentionBias = family == ModelFamily.QWEN2;
    }

    DecoderConfigBuilder(DecoderConfig config) {
        family = config.family();
        vocabularySize = config.vocabularySize();
        width = config.width();
        feedForward = config.feedForward();
        layers = config.layers();
        heads = config.heads();
        kvHeads = config.kvHeads();
        headDim = config.headDim();
        maxPositionEmbeddings = config.maxPositionEmbeddings();
        ropeTheta = config.ropeTheta();
        ropeScaling = config.ropeScaling();
        normEpsilon = config.normEpsilon();
        tiedEmbeddings = config.tiedEmbeddings();
        attentionBias = config.attentionBias();
        bosTokenId = config.bosTokenId();
        eosTokenIds = config.eosTokenIds();
        torchDtype = config.torchDtype();
        otherKeys = config.otherKeys();
    }

    public DecoderConfigBuilder vocabularySize(int value) {
        vocabularySize = value;
        return this;
    }

    public DecoderConfigBuilder width(int value) {
        width = value;
        return this;
    }

    public DecoderConfigBuilder feedForward(int value) {
        feedForward = value;
        return this;
    }

    public DecoderConfigBuilder layers(int value) {
        layers = value;
        return this;
    }

    public DecoderConfigBuilder heads(int value) {
        heads = value;
        return this;
    }

    /** Default: as many as {@code heads}. */
    public DecoderConfigBuilder kvHeads(int value) {
        kvHeads = value;
        return this;
    }

    /** Default: {@code width / heads}; 128 for Qwen3. */
    public DecoderConfigBuilder headDim(int value) {
        headDim = value;
        return this;
    }

    public DecoderConfigBuilder maxPositionEmbeddings(int value) {
        maxPositionEmbeddings = value;
        return this;
    }

    public DecoderConfigBuilder ropeTheta(double value) {
        ropeTheta = value;
        return this;
    }

    public DecoderConfigBuilder ropeScaling(@Nullable RopeScaling value) {
        ropeScaling = value;
        return this;
    }

    public DecoderConfigBuilder normEpsilon(double value) {
        normEpsilon = value;
        return this;
    }

    public DecoderConfigBuilder tiedEmbeddings(boolean value) {
        tiedEmbeddings = value;
        return this;
    }

    /** @throws InputException if switched off for Qwen2, whose projections always have a bias */
    public DecoderConfigBuilder attentionBias(boolean value) {
        if (family == ModelFamily.QWEN2 && !value) {
            throw new InputException("attention_bias is false, but query, key and value of qwen2 always have a bias.");
        }
        attentionBias = value;
        return this;
    }

    public DecoderConfigBuilder bosTokenId(@Nullable Integer value) {
        bosTokenId = value;
        return this;
    }

    public DecoderConfigBuilder eosTokenIds(List<Integer> value) {
        eosTokenIds = value;
        return this;
    }

    public DecoderConfigBuilder torchDtype(String value) {
        torchDtype = value;
        return this;
    }

    public DecoderConfigBuilder otherKeys(Map<String, @Nullable Object> value) {
        otherKeys = value;
        return this;
    }

    /** @throws InputException if a field is missing or out of range; the message names it as config.json does */
    public DecoderConfig build() {
        return new DecoderConfig(
                family,
                vocabularySize,
                width,
                feedForward,
                layers,
                heads,
                kvHeads == 0 ? heads : kvHeads,
                headDim == 0 ? defaultHeadDim() : headDim,
                maxPositionEmbeddings,
                ropeTheta,
                ropeScaling,
                normEpsilon,
                tiedEmbeddings,
                attentionBias,
                bosTokenId,
                eosTokenIds,
                torchDtype,
                otherKeys);
    }

    private int defaultHeadDim() {
        if (family == ModelFamily.QWEN3) {
            return QWEN3_HEAD_DIM;
        }
        if (heads > 0 && width % heads != 0) {
            throw new InputException("hidden_size is " + width + " and num_attention_heads is " + heads
                    + "; without head_dim the first must be a multiple of the second.");
        }
        return heads > 0 ? width / heads : 0;
    }
}
