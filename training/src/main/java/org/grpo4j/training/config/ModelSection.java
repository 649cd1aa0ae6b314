package org.grpo4j.training.config;

import java.nio.file.Path;
import java.util.Locale;
import org.grpo4j.models.weights.WeightStorage;
import org.jspecify.annotations.Nullable;

/**
 * Where the policy comes from: a checkpoint folder, or a fresh random one.
 *
 * @param path a Hugging Face checkpoint folder, or the folder of an adapter as PEFT saves it
 * @param init shape of a policy with random weights and a character tokenizer
 * @param adapter folder of an adapter of the model at {@code path}
 * @param weightsDtype how matrices that do not train lie in memory: float32, or half of it as bfloat16 or float16, from
 *     which they are widened a tile at a time when they are used
 */
public record ModelSection(
        @Nullable Path path,
        @Nullable InitSection init,
        @Nullable Path adapter,
        @Default("float32") WeightsType weightsDtype) {
    public ModelSection {
        Require.that(
                (path == null) != (init == null), "give either path (a checkpoint folder) or init (a shape), not both");
        Require.that(
                init == null || weightsDtype == WeightsType.FLOAT32,
                "weights_dtype must be float32 with init, of which everything trains");
        Require.that(adapter == null || path != null, "adapter needs path, the folder of its base model");
    }

    /** Types of weights in memory. */
    public enum WeightsType {
        FLOAT32,
        BFLOAT16,
        FLOAT16;

        /** All matrices in this type. */
        public WeightStorage storage() {
            return WeightStorage.named(name().toLowerCase(Locale.ROOT));
        }
    }
}
