package org.grpo4j.models.decoder;

import org.grpo4j.framework.ParameterStore;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.lora.LoraAdapter;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder computes with. Owns nothing: several models may share parameters, as a policy with an adapter and its
 * reference without one do.
 *
 * @param config the shape
 * @param parameters under Hugging Face's names, see {@link DecoderConfig#parameterShapes}
 * @param adapter added to the projections it adapts, or null
 */
public record DecoderModel(
        DecoderConfig config,
        ParameterStore parameters,
        @Nullable LoraAdapter adapter) {

    /** The same model with its adapter switched off. */
    public DecoderModel base() {
        return new DecoderModel(config, parameters, null);
    }

    /** Numbers of the model and its adapter. */
    public long parameterCount() {
        return parameters.parameterCount()
                + (adapter == null ? 0 : adapter.parameters().parameterCount());
    }
}
