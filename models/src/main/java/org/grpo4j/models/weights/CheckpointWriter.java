package org.grpo4j.models.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.SafetensorsShards;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The files of a checkpoint folder. Weights come last: a folder with weights has everything else. */
final class CheckpointWriter {

    private CheckpointWriter() {}

    /**
     * Writes everything.
     *
     * @param typeOf how the parameter of a name is stored
     * @param torchDtype what {@code config.json} calls the type of the weights
     * @param shardBytes the most bytes of a weight file
     */
    static void write(
            Checkpoint checkpoint, Path folder, Function<String, TensorType> typeOf, String torchDtype, long shardBytes)
            throws IOException {
        DecoderConfig config =
                checkpoint.config().toBuilder().torchDtype(torchDtype).build();
        AtomicFile.writeString(folder.resolve(Checkpoint.CONFIG_FILE), config.toJson());
        checkpoint.companions().withGenerationConfig(config).writeTo(folder);
        ParameterStore parameters = checkpoint.parameters();
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        parameters.names().forEach(name -> tensors.put(name, parameters.get(name)));
        SafetensorsShards.write(folder, tensors, typeOf, shardBytes);
    }
}
