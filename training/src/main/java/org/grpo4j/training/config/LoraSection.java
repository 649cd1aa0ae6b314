package org.grpo4j.training.config;

import java.util.List;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.lora.LoraConfig;

/**
 * A low-rank adapter (LoRA) that trains in place of the model. Names and defaults are PEFT's where it has any; by default
 * every projection of a block is adapted.
 *
 * @param rank of the two matrices
 * @param alpha the adapter's contribution is multiplied by {@code alpha / rank}
 * @param dropout probability that a number of the adapter's input is dropped in training. It makes the trained policy
 *     differ from the one that was sampled, so that ratios are not 1 on the first step
 * @param targetModules projections as PEFT names them: {@code q_proj}, {@code mlp.up_proj}, {@code
 *     model.layers.3.self_attn.v_proj} or {@code all-linear}
 * @param rslora whether the factor is {@code alpha / √rank} instead
 */
public record LoraSection(
        @Default("16") int rank,
        @Default("32") double alpha,
        @Default("0.0") double dropout,

        @Default("[q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj]")
        List<String> targetModules,

        @Default("false") boolean rslora) {
    public LoraSection {
        Require.atLeast("rank", rank, 1);
        Require.positive("alpha", alpha);
        Require.within("dropout", dropout, 0, 1);
        Require.that(!targetModules.isEmpty(), "target_modules must name at least one projection");
        targetModules = List.copyOf(targetModules);
    }

    /** The settings as the models module takes them, for a model. */
    public LoraConfig config(DecoderConfig model) {
        return new LoraConfig(rank, alpha, dropout, LoraConfig.resolve(targetModules, model), rslora);
    }
}
