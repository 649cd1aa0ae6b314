package org.grpo4j.training.cli;

import java.util.Locale;
import org.grpo4j.models.weights.WeightStorage;
import org.grpo4j.training.config.ModelSection.WeightsType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The option {@code --weights-dtype}, as a {@link Mixin}. */
final class WeightsOption {

    @Option(
            names = "--weights-dtype",
            paramLabel = "TYPE",
            defaultValue = "float32",
            description = "How the model's matrices lie in memory: float32, or half of it as bfloat16 or float16.")
    private WeightsType type;

    WeightStorage storage() {
        return WeightStorage.named(type.name().toLowerCase(Locale.ROOT));
    }
}
