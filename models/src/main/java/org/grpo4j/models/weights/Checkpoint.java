package org.grpo4j.models.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.framework.io.ForeignFormat;
import org.grpo4j.framework.io.SafetensorsShards;
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
 * @param storedTypes how parameters are stored in the folder they came from, by name; none for those of a new model
 * @param adapter of these parameters, owned as they are, or null
 */
public record Checkpoint(
        DecoderConfig config,
        ParameterStore parameters,
        CompanionFiles companions,
        Map<String, TensorType> storedTypes,
        @Nullable LoraAdapter adapter)
        implements AutoCloseable {

    static final String CONFIG_FILE = "config.json";

    public Checkpoint {
        storedTypes = Map.copyOf(storedTypes);
    }

    /** A model that comes from no folder. */
    public Checkpoint(DecoderConfig config, ParameterStore parameters, CompanionFiles companions) {
        this(config, parameters, companions, Map.of(), null);
    }

    /** Loads a folder with all parameters in the type to compute in. */
    public static Checkpoint load(Path folder, DataType dataType) {
        return load(folder, dataType, WeightStorage.WIDE);
    }

    /**
     * Loads a folder, tensor by tensor, so that no number is in memory twice: a model, or an adapter together with the
     * base model that its configuration names.
     *
     * @param dataType FLOAT or DOUBLE, the type to compute in
     * @param storage which matrices stay narrow in memory
     * @throws InputException if a file is missing or damaged, a tensor is missing, unexpected or of the wrong shape; the
     *     message names file and tensor
     */
    public static Checkpoint load(Path folder, DataType dataType, WeightStorage storage) {
        if (AdapterBase.isNeededBy(folder)) {
            Path base = AdapterBase.of(folder);
            return load(base, dataType, storage).withAdapter(folder, base);
        }
        requireModelFolder(folder);
        DecoderConfig config = DecoderConfig.read(folder.resolve(CONFIG_FILE));
        CompanionFiles companions = CompanionFiles.read(folder);
        WeightLoader.Loaded loaded = WeightLoader.load(folder, config, dataType, storage);
        return new Checkpoint(config, loaded.parameters(), companions, loaded.types(), null);
    }

    /**
     * This checkpoint with the adapter of a folder, whose tokenizer files, if it has any, take the place of these. The
     * parameters pass to the result; if the adapter cannot be loaded they are closed.
     *
     * @param base the folder that this checkpoint came from, which the adapter names as its base when it is saved
     * @throws InputException if the adapter is of another model, by its own word or by its shapes
     */
    public Checkpoint withAdapter(Path folder, Path base) {
        boolean done = false;
        try {
            if (adapter != null) {
                throw new InputException(base + " is an adapter itself, so the one in " + folder
                        + " cannot be put on it; merge it first with grpo4j convert.");
            }
            AdapterBase.requireSame(folder, base);
            LoraAdapter loaded = AdapterFolder.load(folder, config, parameters.dataType())
                    .withBase(base.toAbsolutePath().normalize().toString());
            done = true;
            return new Checkpoint(
                    config, parameters, companions.overriddenBy(CompanionFiles.read(folder)), storedTypes, loaded);
        } finally {
            if (!done) {
                close();
            }
        }
    }

    /** This checkpoint with another adapter or none. The parameters are shared: close only one of the two. */
    public Checkpoint withAdapter(@Nullable LoraAdapter other) {
        return new Checkpoint(config, parameters, companions, storedTypes, other);
    }

    /** Adds the adapter, if there is one, to the weights. The parameters pass to the result, which has no adapter. */
    public Checkpoint merged() {
        if (adapter == null) {
            return this;
        }
        AdapterMerge.into(parameters, adapter);
        adapter.close();
        return withAdapter(null);
    }

    /** What a decoder computes with. */
    public DecoderModel model() {
        return new DecoderModel(config, parameters, adapter);
    }

    /**
     * Says what somebody gave in the place of a model, where that can be told.
     *
     * @throws InputException if there is no folder, or it holds something else, or two things
     */
    public static void requireModelFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            boolean readable = folder.toString().endsWith(".safetensors");
            String found = !Files.exists(folder)
                    ? "There is no model folder " + folder + "."
                    : ForeignFormat.explain(folder).filter(what -> !readable).orElse(folder + " is a file.");
            throw new InputException(
                    found.endsWith("instead.")
                            ? found
                            : found + " Give a Hugging Face folder with config.json and model.safetensors.");
        }
        if (AdapterFolder.isOne(folder) && Files.exists(folder.resolve(CONFIG_FILE))) {
            throw new InputException(
                    folder + " holds both a model (config.json) and an adapter (" + AdapterFolder.CONFIG
                            + "), so it is not clear which is meant; move one of them to a folder of its own.");
        }
        if (!Files.exists(folder.resolve(CONFIG_FILE))) {
            ForeignFormat.explain(folder).ifPresent(what -> {
                throw new InputException("There is no model in " + folder + ", which lacks config.json: " + what);
            });
        }
    }

    /**
     * Checks that weights and configuration of a folder belong together, by the headers of the weight files alone.
     *
     * @throws InputException as {@link #load} does
     */
    public static void check(Path folder) {
        requireModelFolder(folder);
        WeightLoader.check(folder, DecoderConfig.read(folder.resolve(CONFIG_FILE)));
    }

    /** A model with fresh weights, the same for the same seed; see {@link RandomWeights}. */
    public static Checkpoint random(DecoderConfig config, long seed, DataType dataType, CompanionFiles companions) {
        return random(config, seed, dataType, companions, WeightStorage.WIDE);
    }

    /** The same with some matrices narrow in memory. */
    public static Checkpoint random(
            DecoderConfig config, long seed, DataType dataType, CompanionFiles companions, WeightStorage storage) {
        return new Checkpoint(config, RandomWeights.create(config, seed, dataType, storage), companions);
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
        save(folder, temporary -> writeInto(temporary, type));
    }

    /**
     * {@link #save(Path, TensorType)} with every parameter in the type that it was loaded from: what has not been trained
     * is saved as it was.
     */
    public void save(Path folder) throws IOException {
        save(folder, this::writeInto);
    }

    private static void save(Path folder, AtomicFolder.Body body) throws IOException {
        if (Files.exists(folder.resolve(CONFIG_FILE)) || AdapterFolder.isOne(folder)) {
            AtomicFolder.replace(folder, body);
        } else {
            AtomicFolder.create(folder, body);
        }
    }

    /** Writes the files of the checkpoint to a folder that exists, each in one step but not all of them together. */
    public void writeInto(Path folder, TensorType type) throws IOException {
        writeInto(folder, name -> type, type.torchName(), SafetensorsShards.DEFAULT_SHARD_BYTES);
    }

    /** {@link #writeInto(Path, TensorType)} with every parameter in the type that it was loaded from. */
    public void writeInto(Path folder) throws IOException {
        writeInto(folder, SafetensorsShards.DEFAULT_SHARD_BYTES);
    }

    /**
     * The same in files of a limited size.
     *
     * @param shardBytes the most bytes of numbers in a file, unless a single tensor has more
     */
    public void writeInto(Path folder, long shardBytes) throws IOException {
        writeInto(folder, this::storedType, config.torchDtype(), shardBytes);
    }

    /**
     * The same in one type and in files of a limited size.
     *
     * @param type of all stored numbers
     */
    public void writeInto(Path folder, TensorType type, long shardBytes) throws IOException {
        writeInto(folder, name -> type, type.torchName(), shardBytes);
    }

    private void writeInto(Path folder, Function<String, TensorType> typeOf, String torchDtype, long shardBytes)
            throws IOException {
        if (adapter != null) {
            companions.writeTo(folder);
            // Small, and what is rounded here would be lost to the training that goes on from it.
            AdapterFolder.write(folder, adapter, TensorType.F32);
        } else {
            CheckpointWriter.write(this, folder, typeOf, torchDtype, shardBytes);
        }
    }

    /** How a parameter was stored where it came from; for a new one, what stores it without loss. */
    private TensorType storedType(String name) {
        TensorType stored = storedTypes.get(name);
        return stored != null
                ? stored
                : TensorType.lossless(parameters.get(name).dataType());
    }

    @Override
    public void close() {
        parameters.close();
        if (adapter != null) {
            adapter.close();
        }
    }
}
