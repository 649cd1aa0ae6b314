package org.grpo4j.training.config;

import org.jspecify.annotations.Nullable;

/**
 * Which parameters train. Without any of these keys all of them do, or, if the model has an adapter already, the adapter.
 *
 * @param lora a fresh adapter trains, the model does not
 * @param lastLayers the last so many decoder blocks and the final norm train; embedding, head and the blocks before do not
 */
public record TuningSection(
        @Nullable LoraSection lora, @Nullable Integer lastLayers) {
    public TuningSection {
        if (lastLayers != null) {
            Require.atLeast("last_layers", lastLayers, 1);
        }
        Require.that(lora == null || lastLayers == null, "give either lora or last_layers, not both");
    }
}
