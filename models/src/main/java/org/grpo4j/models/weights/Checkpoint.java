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
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.lora.AdapterFolder;
import org.grpo4j.models.lora.AdapterMerge;
import org.grpo4j.models.lora.LoraAdapter;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model as a Hugging Face folder holds it: configuration, parameters and the small files beside them. Owns the
 * parameters; close it when no plan uses them any more.
 *
 * @param config the model's shape
 * @param parameters under Hugging Face's names, see {@link DecoderConfig#parameterShapes}
 * @param companions tokenizer and generation files, held in memory so that they survive the folder they came from
 * @param adapter of these parameters, owned as they are, or null
 */
public record Checkpoint(
        DecoderConfig config,
        ParameterStore parameters,
        CompanionFiles companions,
        @Nullable LoraAdapter adapter) implements AutoCloseable {

    static final String CONFIG_FILE = "config.json";

    /**
     * Loads a folder: a model, or an adapter together with the base model that its configuration names.
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
        if (AdapterFolder.isOne(folder) && !Files.exists(folder.resolve(CONFIG_FILE))) {
            Checkpoint base = load(AdapterBase.of(folder), dataType);
            return base.withAdapter(folder);
        }
        DecoderConfig config = DecoderConfig.read(folder.resolve(CONFIG_FILE));
        CompanionFiles companions = CompanionFiles.read(folder);
        return new Checkpoint(config, WeightLoader.load(folder, config, dataType), companions, null);
    }

    /**
     * This checkpoint with the adapter of a folder, whose tokenizer files, if it has any, take the place of these. The
     * parameters pass to the result; if the adapter cannot be loaded they are closed.
     */
    public Checkpoint withAdapter(Path folder) {
        boolean done = false;
        try {
            if (adapter != null) {
                throw new InputException("The base model of the adapter in " + folder
                        + " has an adapter itself; merge that one first with grpo4j convert.");
            }
            LoraAdapter loaded = AdapterFolder.load(folder, config, parameters.dataType());
            done = true;
            return new Checkpoint(config, parameters, companions.overriddenBy(CompanionFiles.read(folder)), loaded);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** This checkpoint with another adapter or none. The parameters are shared: close only one of the two. */
    public Checkpoint withAdapter(@Nullable LoraAdapter other) {
        return new Checkpoint(config, parameters, companions, other);
    }

    /** Adds the adapter, if there is one, to the weights. The parameters pass to the result, which has no adapter. */
    public Checkpoint merged() {
        if (adapter == null) {
            return this;
        }
        AdapterMerge.into(parameters, adapter);
        adapter.close();
        return withAdapter((LoraAdapter) null);
    }

    /** What a decoder computes with. */
    public DecoderModel model() {
        return new DecoderModel(config, parameters, adapter);
    }

    /** A model with fresh weights, the same for the same seed; see {@link RandomWeights}. */
    public static Checkpoint random(DecoderConfig config, long seed, DataType dataType, CompanionFiles companions) {
        return new Checkpoint(config, RandomWeights.create(config, seed, dataType), companions, null);
    }

    /** Ids that end a text: those of {@code generation_config.json} first, then those of {@code config.json}. */
    public List<Integer> stopIds() {
        return companions.stopIds(config.eosTokenIds());
    }

    /**
     * Saves to a folder that Hugging Face loads; it appears complete or not at all. An older checkpoint of that name is
     * replaced, any other folder that is not empty is refused. Of a checkpoint with an adapter only the adapter is saved,
     * as PEFT does it, with the tokenizer files beside it.
     *
     * @param type type of the stored weights, also written as {@code torch_dtype}
     * @throws InputException if the folder exists and holds something that is no checkpoint
     * @throws IOException if the disk does not take the files
     */
    public void save(Path folder, TensorType type) throws IOException {
        if (Files.exists(folder.resolve(CONFIG_FILE)) || AdapterFolder.isOne(folder)) {
            AtomicFolder.replace(folder, temporary -> writeInto(temporary, type));
        } else {
            AtomicFolder.create(folder, temporary -> writeInto(temporary, type));
        }
    }

    /** Writes the files of the checkpoint to a folder that exists, each in one step but not all of them together. */
    public void writeInto(Path folder, TensorType type) throws IOException {
        if (adapter != null) {
            companions.writeTo(folder);
            AdapterFolder.write(folder, adapter, type);
        } else {
            CheckpointWriter.write(this, folder, type);
        }
    }

    @Override
    public void close() {
        parameters.close();
        if (adapter != null) {
            adapter.close();
        }
    }
}
