package org.grpo4j.training.cli;

import java.nio.file.Path;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.WeightStorage;
import org.grpo4j.training.config.ModelSection.WeightsType;
import org.grpo4j.training.trainer.Policy;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a model is loaded: the options {@code --weights-dtype} and {@code --adapter}, as a {@link Mixin}. */
final class LoadOptions {

    @Option(
            names = "--weights-dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "How the model's matrices lie in memory: float32, or half of it as bfloat16 or float16.")
    private WeightsType type;

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "With this LoRA adapter of the model, a folder as PEFT saves it or that of a run.")
    private @Nullable Path adapter;

    WeightStorage storage() {
        return type.storage();
    }

    @Nullable
    Path adapter() {
        return adapter == null ? null : ModelFolder.of(adapter);
    }

    /** A model with its tokenizer, to be closed by the caller. */
    Policy policy(Path model) {
        return Policy.load(model, adapter(), storage());
    }

    /** A model without tokenizer, to be closed by the caller. */
    Checkpoint checkpoint(Path model) {
        Checkpoint loaded = Checkpoint.load(model, DataType.FLOAT, storage());
        Path folder = adapter();
        return folder == null ? loaded : loaded.withAdapter(folder, model);
    }
}
