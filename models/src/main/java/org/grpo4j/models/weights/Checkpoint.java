package org.grpo4j.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model as a Hugging Face folder holds it: configuration, parameters and the small files beside them. Owns the
 * parameters; close it when no plan uses them any more.
 *
 * @param config the model's shape
 * @param parameters under Hugging Face's names, see {@link DecoderConfig#parameterShapes}
 * @param companions tokenizer and generation files, held in memory so that they survive the folder they came from
 */
public record Checkpoint(DecoderConfig config, ParameterStore parameters, CompanionFiles companions)
        implements AutoCloseable {

    static final String CONFIG_FILE = "config.json";

    /**
     * Loads a folder.
     *
     * @param dataType FLOAT or DOUBLE, the type to compute in
     * @throws InputException if a file is missing or damaged, a tensor is missing, unexpected or of the wrong shape; the
     *     message names file and tensor
     */
    public static Checkpoint load(Path folder, DataType dataType) {
        if (!Files.isDirectory(folder)) {
            throw new InputException("There is no model folder " + folder
                    + "; give a Hugging Face folder with config.json and model.safetensors.");
        }
        DecoderConfig config = DecoderConfig.read(folder.resolve(CONFIG_FILE));
        CompanionFiles companions = CompanionFiles.read(folder);
        return new Checkpoint(config, WeightLoader.load(folder, config, dataType), companions);
    }

    /** A model with fresh weights, the same for the same seed; see {@link RandomWeights}. */
    public static Checkpoint random(DecoderConfig config, long seed, DataType dataType, CompanionFiles companions) {
        return new Checkpoint(config, RandomWeights.create(config, seed, dataType), companions);
    }

    /** Ids that end a text: those of {@code generation_config.json} first, then those of {@code config.json}. */
    public List<Integer> stopIds() {
        return companions.stopIds(config.eosTokenIds());
    }

    /**
     * Saves to a folder that Hugging Face loads; it appears complete or not at all. An older checkpoint of that name is
     * replaced, any other folder that is not empty is refused.
     *
     * @param type type of the stored weights, also written as {@code torch_dtype}
     * @throws InputException if the folder exists and holds something that is no checkpoint
     * @throws IOException if the disk does not take the files
     */
    public void save(Path folder, TensorType type) throws IOException {
        if (Files.exists(folder.resolve(CONFIG_FILE))) {
            AtomicFolder.replace(folder, temporary -> writeInto(temporary, type));
        } else {
            AtomicFolder.create(folder, temporary -> writeInto(temporary, type));
        }
    }

    /** Writes the files of the checkpoint to a folder that exists, each in one step but not all of them together. */
    public void writeInto(Path folder, TensorType type) throws IOException {
        CheckpointWriter.write(this, folder, type);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
