package org.grpo4j.models.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.op.RmsNorm;
import org.grpo4j.framework.op.Rope;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.lora.LoraAdapter;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Adds a decoder-only transformer to a graph. Parameters become variables of the graph under their Hugging Face names,
 * over the arrays of the store, so every graph and plan of a model reads the same memory. Activations are
 * {@code [tokens, width]}: the rows of all sequences one after the other.
 */
public final class DecoderGraph {
    private final SameDiff graph;
    private final DecoderConfig config;
    private final DecoderModel model;
    private final @Nullable AdapterDropout dropout;
    private final Map<String, SDVariable> variables = new LinkedHashMap<>();
    private final List<String> layerBoundaries = new ArrayList<>();

    /** How queries meet keys and values: the part in which training, prefill and decoding differ. */
    @FunctionalInterface
    public interface AttentionOfLayer {
        /**
         * Mixes values.
         *
         * @param layer index of the layer
         * @param queries rotated, {@code [tokens, heads · headDim]}
         * @param keys rotated, {@code [tokens, kvHeads · headDim]}
         * @param values {@code [tokens, kvHeads · headDim]}
         * @return {@code [tokens, heads · headDim]}
         */
        SDVariable mix(int layer, SDVariable queries, SDVariable keys, SDVariable values);
    }

    /** A decoder as it is sampled from and scored: without dropout. */
    public DecoderGraph(SameDiff graph, DecoderModel model) {
        this(graph, model, null);
    }

    /**
     * A decoder to be added to a graph.
     *
     * @param dropout of the adapter's inputs, or null for none
     */
    public DecoderGraph(SameDiff graph, DecoderModel model, @Nullable AdapterDropout dropout) {
        this.graph = graph;
        this.model = model;
        this.config = model.config();
        this.dropout = dropout;
    }

    /** The graph this decoder is in. */
    public SameDiff graph() {
        return graph;
    }

    /** The parameters used so far, by name. */
    public Map<String, SDVariable> variables() {
        return variables;
    }

    /**
     * Names of the variables that go into the first layer, from each layer to the next and out of the last one, once
     * {@link #hidden} has been called: where a plan may cut the forward pass for activation checkpointing.
     */
    public List<String> layerBoundaries() {
        return List.copyOf(layerBoundaries);
    }

    /**
     * The final, normalised hidden states.
     *
     * @param ids token ids {@code [tokens]}, integers below the vocabulary size
     * @param rotary of the tokens' positions
     * @param attention how each layer attends
     * @return {@code [tokens, width]}, the input of {@link #logits}
     */
    public SDVariable hidden(SDVariable ids, Rotary rotary, AttentionOfLayer attention) {
        SDVariable x = Ops.embedding(
                parameter("model.embed_tokens.weight"),
                ids,
                config.vocabularySize(),
                model.parameters().dataType());
        layerBoundaries.add(x.name());
        for (int layer = 0; layer < config.layers(); layer++) {
            x = block(layer, x, rotary, attention);
            layerBoundaries.add(x.name());
        }
        return norm(x, "model.norm.weight");
    }

    /** The head: logits {@code [tokens, vocabulary]} of hidden states {@code [tokens, width]}. */
    public SDVariable logits(SDVariable hidden) {
        return Ops.linear(hidden, headWeight(), null);
    }

    /** The head's weight {@code [vocabulary, width]}, the embedding table itself where they are tied. */
    public SDVariable headWeight() {
        return parameter(config.tiedEmbeddings() ? "model.embed_tokens.weight" : "lm_head.weight");
    }

    private SDVariable block(int layer, SDVariable x, Rotary rotary, AttentionOfLayer attention) {
        String prefix = "model.layers." + layer + ".";
        SDVariable h = norm(x, prefix + "input_layernorm.weight");
        SDVariable q = project(h, prefix + "self_attn.q_proj", config.attentionBias());
        SDVariable k = project(h, prefix + "self_attn.k_proj", config.attentionBias());
        SDVariable v = project(h, prefix + "self_attn.v_proj", config.attentionBias());
        if (config.qkNorm()) {
            q = normHeads(q, prefix + "self_attn.q_norm.weight", rotary.tokens(), config.heads());
            k = normHeads(k, prefix + "self_attn.k_norm.weight", rotary.tokens(), config.kvHeads());
        }
        q = rotate(q, rotary, config.heads());
        k = rotate(k, rotary, config.kvHeads());
        SDVariable mixed = attention.mix(layer, q, k, v);
        x = x.add(project(mixed, prefix + "self_attn.o_proj", config.outputBias()));
        h = norm(x, prefix + "post_attention_layernorm.weight");
        SDVariable gate = project(h, prefix + "mlp.gate_proj", false);
        SDVariable up = project(h, prefix + "mlp.up_proj", false);
        return x.add(project(Ops.swiGlu(gate, up), prefix + "mlp.down_proj", false));
    }

    private SDVariable norm(SDVariable x, String gain) {
        return new RmsNorm(config.normEpsilon()).apply(x, parameter(gain));
    }

    /** Qwen3 normalises every head by itself, with one gain for all heads. */
    private SDVariable normHeads(SDVariable x, String gain, int tokens, int heads) {
        SDVariable perHead = x.reshape((long) tokens * heads, config.headDim());
        return norm(perHead, gain).reshape(tokens, (long) heads * config.headDim());
    }

    private SDVariable rotate(SDVariable x, Rotary rotary, int heads) {
        return new Rope(rotary.tokens(), heads, config.headDim(), false).apply(x, rotary.cos(), rotary.sin());
    }

    private SDVariable project(SDVariable x, String name, boolean biased) {
        @Nullable SDVariable bias = biased ? parameter(name + ".bias") : null;
        SDVariable y = Ops.linear(x, parameter(name + ".weight"), bias);
        LoraAdapter adapter = model.adapter();
        return adapter != null && adapter.config().adapts(name) ? y.add(lowRank(x, name, adapter)) : y;
    }

    /** {@code scale · B A dropout(x)}; the scale goes to the smallest of the three. */
    private SDVariable lowRank(SDVariable x, String projection, LoraAdapter adapter) {
        SDVariable a = variable(LoraAdapter.nameOfA(projection), adapter.parameters());
        SDVariable b = variable(LoraAdapter.nameOfB(projection), adapter.parameters());
        SDVariable in = dropout == null ? x : dropout.apply(x, projection);
        return Ops.linear(Ops.linear(in, a, null).mul(adapter.config().scale()), b, null);
    }

    private SDVariable parameter(String name) {
        return variable(name, model.parameters());
    }

    private SDVariable variable(String name, ParameterStore store) {
        return variables.computeIfAbsent(name, n -> graph.var(n, store.get(n)));
    }
}
