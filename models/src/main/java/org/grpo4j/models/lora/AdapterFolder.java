package org.grpo4j.models.lora;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorEntry;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A folder with an adapter as PEFT saves it: {@value #CONFIG} and {@value #WEIGHTS}. */
public final class AdapterFolder {

    public static final String CONFIG = "adapter_config.json";
    public static final String WEIGHTS = "adapter_model.safetensors";

    /** PEFT wraps the model in two of its own classes, whose names precede every parameter's. */
    private static final String PREFIX = "base_model.model.";

    private AdapterFolder() {}

    /** Whether a folder holds an adapter. */
    public static boolean isOne(Path folder) {
        return Files.isRegularFile(folder.resolve(CONFIG));
    }

    /** The settings of an adapter of a model. */
    public static LoraConfig read(Path folder, DecoderConfig model) {
        return AdapterConfigJson.read(folder.resolve(CONFIG), model).config();
    }

    /**
     * What the adapter's configuration calls its base model: a folder or a name on the hub.
     *
     * @return empty if it does not say
     */
    public static String baseModel(Path folder) {
        return AdapterConfigJson.readBase(folder.resolve(CONFIG));
    }

    /**
     * Loads an adapter of a model. The caller closes it.
     *
     * @throws InputException if a file is missing or damaged, the adapter uses what is not supported, or it belongs to
     *     another model
     */
    public static LoraAdapter load(Path folder, DecoderConfig model, DataType dataType) {
        if (!isOne(folder)) {
            throw new InputException(
                    "There is no " + CONFIG + " in " + folder + "; give a folder with an adapter as PEFT saves it.");
        }
        AdapterConfigJson json = AdapterConfigJson.read(folder.resolve(CONFIG), model);
        LoraConfig config = json.config();
        ParameterStore parameters = new ParameterStore(dataType);
        boolean done = false;
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
            Map<String, long[]> shapes = LoraAdapter.shapes(config, model);
            shapes.forEach((name, shape) -> requireShape(file, name, shape));
            requireNoOther(file, shapes);
            shapes.keySet().forEach(name -> parameters.put(name, file.read(PREFIX + name, dataType)));
            done = true;
            return new LoraAdapter(config, parameters, json.base());
        } finally {
            if (!done) {
                parameters.close();
            }
        }
    }

    private static void requireShape(SafetensorsFile file, String name, long[] shape) {
        TensorEntry entry = file.tensors().get(PREFIX + name);
        if (entry == null) {
            throw new InputException(
                    file.path() + " lacks the tensor " + PREFIX + name
                            + ", which the adapter's configuration and the base model ask for; is it an adapter of another model?");
        }
        if (!Arrays.equals(entry.shape(), shape)) {
            throw new InputException(file.path() + ": tensor " + entry.name() + " has shape "
                    + Arrays.toString(entry.shape()) + ", but the base model and the rank ask for "
                    + Arrays.toString(shape) + "; it is an adapter of another model.");
        }
    }

    private static void requireNoOther(SafetensorsFile file, Map<String, long[]> shapes) {
        TreeSet<String> others = new TreeSet<>(file.tensors().keySet());
        shapes.keySet().forEach(name -> others.remove(PREFIX + name));
        if (!others.isEmpty()) {
            throw new InputException(
                    file.path() + " holds " + others.size() + " tensors that the base model has no place"
                            + " for, the first " + others.first() + "; it is an adapter of another model.");
        }
    }

    /**
     * Writes an adapter into a folder that exists.
     *
     * @param type of the stored numbers
     */
    public static void write(Path folder, LoraAdapter adapter, TensorType type) throws IOException {
        AtomicFile.writeString(folder.resolve(CONFIG), AdapterConfigJson.toJson(adapter.config(), adapter.base()));
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        ParameterStore parameters = adapter.parameters();
        parameters.names().forEach(name -> tensors.put(PREFIX + name, parameters.get(name)));
        SafetensorsWriter.write(folder.resolve(WEIGHTS), tensors, type, Map.of());
    }
}
