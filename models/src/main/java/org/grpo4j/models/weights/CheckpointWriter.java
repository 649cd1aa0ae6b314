package org.grpo4j.models.weights;

import java.io.IOException;
import java.nio.file.Path;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;

/** The files of a checkpoint folder. Weights come last: a folder with weights has everything else. */
final class CheckpointWriter {

    private CheckpointWriter() {}

    static void write(Checkpoint checkpoint, Path folder, TensorType type) throws IOException {
        DecoderConfig config =
                checkpoint.config().toBuilder().torchDtype(type.torchName()).build();
        AtomicFile.writeString(folder.resolve(Checkpoint.CONFIG_FILE), config.toJson());
        checkpoint.companions().withGenerationConfig(config).writeTo(folder);
        SafetensorsWriter.write(folder.resolve(SafetensorsFolder.SINGLE_FILE), checkpoint.parameters(), type);
    }
}
