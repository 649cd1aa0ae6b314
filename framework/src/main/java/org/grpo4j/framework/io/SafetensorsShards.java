package org.grpo4j.framework.io;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes the weights of a folder as Hugging Face does: one file, or several of a limited size with an index of which
 * tensor is where. {@link SafetensorsFolder} reads them.
 */
public final class SafetensorsShards {

    /** What Hugging Face calls 5GB, its default. */
    public static final long DEFAULT_SHARD_BYTES = 5_000_000_000L;

    private static final String SHARD_NAME = "model-\\d{5}-of-\\d{5}\\.safetensors";

    private SafetensorsShards() {}

    /**
     * Writes tensors to a folder that exists. Weights of another number of files that are there already are removed
     * after the new ones are complete.
     *
     * @param tensors in their order
     * @param typeOf how the tensor of a name is stored
     * @param shardBytes the most bytes of numbers in a file, unless a single tensor has more
     */
    public static void write(
            Path folder, Map<String, INDArray> tensors, Function<String, TensorType> typeOf, long shardBytes)
            throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) ->
                sizes.put(name, tensor.length() * typeOf.apply(name).bytes()));
        List<List<String>> shards = split(sizes, shardBytes);
        Set<String> written = new HashSet<>();
        Map<String, String> weightMap = new TreeMap<>();
        for (int i = 0; i < shards.size(); i++) {
            String file = shards.size() == 1 ? SafetensorsFolder.SINGLE_FILE : name(i, shards.size());
            Map<String, INDArray> part = new LinkedHashMap<>();
            for (String name : shards.get(i)) {
                part.put(name, Objects.requireNonNull(tensors.get(name), name));
                weightMap.put(name, file);
            }
            SafetensorsWriter.write(folder.resolve(file), part, typeOf, Map.of());
            written.add(file);
        }
        if (shards.size() > 1) {
            long total = sizes.values().stream().mapToLong(Long::longValue).sum();
            AtomicFile.writeString(folder.resolve(SafetensorsFolder.INDEX_FILE), index(weightMap, total));
            written.add(SafetensorsFolder.INDEX_FILE);
        }
        removeOthers(folder, written);
    }

    /**
     * The names in each file, after huggingface_hub's {@code split_state_dict_into_shards_factory}: tensors in order, a
     * new file when the next one would exceed the limit, and one of its own for a tensor that exceeds it alone.
     */
    static List<List<String>> split(Map<String, Long> sizes, long limit) {
        List<List<String>> shards = new ArrayList<>();
        List<String> current = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<String, Long> tensor : sizes.entrySet()) {
            if (tensor.getValue() > limit) {
                shards.add(List.of(tensor.getKey()));
                continue;
            }
            if (bytes + tensor.getValue() > limit) {
                shards.add(current);
                current = new ArrayList<>();
                bytes = 0;
            }
            current.add(tensor.getKey());
            bytes += tensor.getValue();
        }
        if (!current.isEmpty() || shards.isEmpty()) {
            shards.add(current);
        }
        return shards;
    }

    private static String name(int shard, int count) {
        return String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", shard + 1, count);
    }

    private static String index(Map<String, String> weightMap, long totalSize) throws IOException {
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("metadata", Map.of("total_size", totalSize));
        index.put("weight_map", weightMap);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        return new ObjectMapper().writer(printer).writeValueAsString(index) + "\n";
    }

    /** The single file would win over new shards, and old shards would be taken for some of the new ones. */
    private static void removeOthers(Path folder, Set<String> written) throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.list(folder)) {
            others = files.filter(file -> {
                        String name = file.getFileName().toString();
                        boolean weights = name.equals(SafetensorsFolder.SINGLE_FILE)
                                || name.equals(SafetensorsFolder.INDEX_FILE)
                                || name.matches(SHARD_NAME);
                        return weights && !written.contains(name);
                    })
                    .toList();
        }
        for (Path file : others) {
            Files.delete(file);
        }
    }
}
