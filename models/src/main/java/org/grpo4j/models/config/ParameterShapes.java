package org.grpo4j.models.config;

import java.util.LinkedHashMap;

/** The parameter list of a config, after the module order of Hugging Face's {@code modeling_llama.py} and its kin. */
final class ParameterShapes {

    private final DecoderConfig config;
    private final LinkedHashMap<String, long[]> shapes = new LinkedHashMap<>();

    private ParameterShapes(DecoderConfig config) {
        this.config = config;
    }

    static LinkedHashMap<String, long[]> of(DecoderConfig config) {
        ParameterShapes list = new ParameterShapes(config);
        list.add("model.embed_tokens.weight", config.vocabularySize(), config.width());
        for (int layer = 0; layer < config.layers(); layer++) {
            list.addLayer("model.layers." + layer + ".");
        }
        list.add("model.norm.weight", config.width());
        if (!config.tiedEmbeddings()) {
            list.add("lm_head.weight", config.vocabularySize(), config.width());
        }
        return list.shapes;
    }

    private void addLayer(String layer) {
        String attention = layer + "self_attn.";
        long queryWidth = (long) config.heads() * config.headDim();
        long keyWidth = (long) config.kvHeads() * config.headDim();
        addLinear(attention + "q_proj", queryWidth, config.width(), config.attentionBias());
        addLinear(attention + "k_proj", keyWidth, config.width(), config.attentionBias());
        addLinear(attention + "v_proj", keyWidth, config.width(), config.attentionBias());
        addLinear(attention + "o_proj", config.width(), queryWidth, config.outputBias());
        if (config.qkNorm()) {
            add(attention + "q_norm.weight", config.headDim());
            add(attention + "k_norm.weight", config.headDim());
        }
        addLinear(layer + "mlp.gate_proj", config.feedForward(), config.width(), false);
        addLinear(layer + "mlp.up_proj", config.feedForward(), config.width(), false);
        addLinear(layer + "mlp.down_proj", config.width(), config.feedForward(), false);
        add(layer + "input_layernorm.weight", config.width());
        add(layer + "post_attention_layernorm.weight", config.width());
    }

    private void addLinear(String name, long out, long in, boolean bias) {
        add(name + ".weight", out, in);
        if (bias) {
            add(name + ".bias", out);
        }
    }

    private void add(String name, long... shape) {
        shapes.put(name, shape);
    }
}
