package org.grpo4j.models.weights;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.framework.io.TensorEntry;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Reads the parameters that a config asks for. Every name and shape is checked against the headers before the first
 * number is read.
 */
final class WeightLoader {

    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";
    private static final int NAMES_IN_A_MESSAGE = 5;

    /** Old Llama checkpoints stored the rotary frequencies, which follow from the config. */
    private static final Predicate<String> DERIVED =
            Pattern.compile("\\.rotary_emb\\.inv_freq$").asPredicate();

    private WeightLoader() {}

    /**
     * What a folder holds.
     *
     * @param parameters owned by whoever asked
     * @param types how each of them is stored in the folder
     */
    record Loaded(ParameterStore parameters, Map<String, TensorType> types) {}

    /** Compares names and shapes with those that a config asks for; reads no numbers. */
    static void check(Path folder, DecoderConfig config) {
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            Map<String, long[]> shapes = config.parameterShapes();
            requireSameNames(
                    folder,
                    shapes,
                    weights,
                    config.tiedEmbeddings() && weights.names().contains(HEAD));
            shapes.forEach((name, shape) -> requireShape(weights, name, shape));
        }
    }

    /** One tensor after the other, each straight into its array, so the peak is the parameters and one window. */
    static Loaded load(Path folder, DecoderConfig config, DataType dataType, WeightStorage storage) {
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            Map<String, long[]> shapes = config.parameterShapes();
            boolean redundantHead = config.tiedEmbeddings() && weights.names().contains(HEAD);
            requireSameNames(folder, shapes, weights, redundantHead);
            shapes.forEach((name, shape) -> requireShape(weights, name, shape));
            Map<String, TensorType> types = new LinkedHashMap<>();
            ParameterStore parameters = new ParameterStore(dataType);
            boolean done = false;
            try {
                shapes.forEach((name, shape) -> {
                    SafetensorsFile file = weights.fileOf(name);
                    parameters.put(name, file.read(name, storage.typeOf(name, shape, dataType)));
                    types.put(name, file.typeOf(name));
                });
                if (redundantHead) {
                    requireEqualHead(weights, parameters);
                }
                done = true;
                return new Loaded(parameters, types);
            } finally {
                if (!done) {
                    parameters.close();
                }
            }
        }
    }

    private static void requireSameNames(
            Path folder, Map<String, long[]> shapes, SafetensorsFolder weights, boolean redundantHead) {
        List<String> missing = new ArrayList<>(shapes.keySet());
        missing.removeAll(weights.names());
        List<String> unexpected = new ArrayList<>(weights.names());
        unexpected.removeAll(shapes.keySet());
        unexpected.removeIf(DERIVED);
        if (redundantHead) {
            unexpected.remove(HEAD);
        }
        if (!missing.isEmpty()) {
            String hint = missing.equals(List.of(HEAD))
                    ? " If the head is the embedding table, config.json must say tie_word_embeddings true."
                    : "";
            throw new InputException(folder + " lacks " + listed(missing) + ", which config.json asks for." + hint);
        }
        if (!unexpected.isEmpty()) {
            throw new InputException(folder + " holds " + listed(unexpected)
                    + ", which config.json does not ask for; weights and configuration do not belong together.");
        }
    }

    private static String listed(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMES_IN_A_MESSAGE, names.size())));
        String kind = names.size() == 1 ? "the tensor " : "the tensors ";
        int more = names.size() - NAMES_IN_A_MESSAGE;
        return kind + first + (more > 0 ? " and " + more + " more" : "");
    }

    private static void requireShape(SafetensorsFolder weights, String name, long[] shape) {
        SafetensorsFile file = weights.fileOf(name);
        TensorEntry entry = file.tensors().get(name);
        if (entry != null && !Arrays.equals(entry.shape(), shape)) {
            throw new InputException(file.path() + ": tensor " + name + " has shape "
                    + Arrays.toString(entry.shape()) + ", but config.json asks for " + Arrays.toString(shape)
                    + "; weights and configuration do not belong together.");
        }
    }

    private static void requireEqualHead(SafetensorsFolder weights, ParameterStore parameters) {
        SafetensorsFile file = weights.fileOf(HEAD);
        if (!file.holds(HEAD, parameters.get(EMBEDDING))) {
            throw new InputException(file.path() + ": tensor " + HEAD + " differs from " + EMBEDDING
                    + ", though config.json says that they are tied; set tie_word_embeddings to false to keep both.");
        }
    }
}
