package org.grpo4j.training.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the policy comes from: a checkpoint folder, or a fresh random one.
 *
 * @param path a Hugging Face checkpoint folder, or the folder of an adapter as PEFT saves it
 * @param init shape of a policy with random weights and a character tokenizer
 * @param adapter folder of an adapter of the model at {@code path}
 */
public record ModelSection(
        @Nullable Path path,
        @Nullable InitSection init,
        @Nullable Path adapter) {
    public ModelSection {
        Require.that(
                (path == null) != (init == null), "give either path (a checkpoint folder) or init (a shape), not both");
        Require.that(adapter == null || path != null, "adapter needs path, the folder of its base model");
    }
}
