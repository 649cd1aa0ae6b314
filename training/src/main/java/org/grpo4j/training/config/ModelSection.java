package org.grpo4j.training.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the policy comes from: a checkpoint folder, or a fresh random one.
 *
 * @param path a Hugging Face checkpoint folder
 * @param init shape of a policy with random weights and a character tokenizer
 */
public record ModelSection(@Nullable Path path, @Nullable InitSection init) {
    public ModelSection {
        Require.that(
                (path == null) != (init == null), "give either path (a checkpoint folder) or init (a shape), not both");
    }
}
