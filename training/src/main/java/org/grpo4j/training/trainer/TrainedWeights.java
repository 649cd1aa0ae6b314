package org.grpo4j.training.trainer;

import java.nio.file.Path;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.models.lora.AdapterFolder;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.weights.AdapterBase;

/** Puts the weights of a checkpoint into a policy that was made from the start of the run. */
final class TrainedWeights {

    private TrainedWeights() {}

    /** @throws InputException if the checkpoint is of another model or of another kind of training */
    static void read(Path checkpoint, Trainable trainable) {
        LoraAdapter adapter = trainable.model().adapter();
        if ((adapter != null) != AdapterFolder.isOne(checkpoint)) {
            throw otherModel(checkpoint);
        }
        if (adapter != null) {
            AdapterBase.requireSame(checkpoint, Path.of(adapter.base()));
            try (LoraAdapter saved = AdapterFolder.load(
                    checkpoint,
                    trainable.model().config(),
                    trainable.parameters().dataType())) {
                if (!saved.config().equals(adapter.config())) {
                    throw otherModel(checkpoint);
                }
                trainable.parameters().copyFrom(saved.parameters());
            }
            return;
        }
        ParameterStore all = trainable.model().parameters();
        try (SafetensorsFolder saved = SafetensorsFolder.open(checkpoint)) {
            if (!saved.names().equals(all.names())) {
                throw otherModel(checkpoint);
            }
            ParameterStore trained = trainable.parameters();
            all.names().stream()
                    .filter(name -> !trained.contains(name))
                    .filter(name -> !saved.fileOf(name).holds(name, all.get(name)))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new InputException(
                                checkpoint + " was trained on other weights than model.path holds: " + name
                                        + ", which does not train, differs; resume with the model that the run was started from.");
                    });
            trained.names().forEach(name -> saved.fileOf(name).readInto(name, trained.get(name)));
        }
    }

    private static InputException otherModel(Path checkpoint) {
        return new InputException(checkpoint
                + " holds another model than the configuration's; resume with the configuration that the run was started"
                + " with, which is in its config.yaml.");
    }
}
