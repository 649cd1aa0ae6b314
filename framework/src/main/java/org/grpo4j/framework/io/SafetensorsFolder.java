package org.grpo4j.framework.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.grpo4j.framework.InputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The weights of a Hugging Face folder: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} lists. Like Hugging Face, the single file wins if both are there.
 */
public final class SafetensorsFolder implements AutoCloseable {

    public static final String SINGLE_FILE = "model.safetensors";
    public static final String INDEX_FILE = "model.safetensors.index.json";

    private static final Logger LOG = LoggerFactory.getLogger(SafetensorsFolder.class);

    /** A tensor listed twice would be an error that nobody sees otherwise. */
    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private final Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    private final Map<String, SafetensorsFile> tensors = new LinkedHashMap<>();

    private SafetensorsFolder() {}

    /**
     * Opens all weight files of a folder and checks their headers.
     *
     * @throws InputException if there are no weights, a shard is missing or damaged, or index and shards do not agree on
     *     which tensors there are
     */
    public static SafetensorsFolder open(Path folder) {
        SafetensorsFolder opened = new SafetensorsFolder();
        boolean done = false;
        try {
            if (Files.exists(folder.resolve(SINGLE_FILE))) {
                opened.addSingleFile(folder.resolve(SINGLE_FILE));
            } else if (Files.exists(folder.resolve(INDEX_FILE))) {
                opened.addShards(folder, folder.resolve(INDEX_FILE));
            } else {
                String what = ForeignFormat.explain(folder)
                        .orElse("Weights in other formats must be converted to safetensors first.");
                throw new InputException("There are no weights in " + folder + ": neither " + SINGLE_FILE + " nor "
                        + INDEX_FILE + ". " + what);
            }
            done = true;
            return opened;
        } finally {
            if (!done) {
                opened.close();
            }
        }
    }

    public Set<String> names() {
        return Collections.unmodifiableSet(tensors.keySet());
    }

    /**
     * The file that holds a tensor.
     *
     * @throws InputException if no file does
     */
    public SafetensorsFile fileOf(String name) {
        SafetensorsFile file = tensors.get(name);
        if (file == null) {
            throw new InputException("No weight file holds a tensor " + name + ".");
        }
        return file;
    }

    @Override
    public void close() {
        shards.values().forEach(SafetensorsFile::close);
    }

    private void addSingleFile(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        shards.put(SINGLE_FILE, file);
        file.tensors().keySet().forEach(name -> tensors.put(name, file));
    }

    private void addShards(Path folder, Path index) {
        JsonNode root = readIndex(index);
        JsonNode weightMap = root.path("weight_map");
        if (!weightMap.isObject() || weightMap.isEmpty()) {
            throw new InputException(index + " has no weight_map, the object that names the shard of each tensor.");
        }
        weightMap.fields().forEachRemaining(entry -> {
            String name = entry.getKey();
            SafetensorsFile shard = shard(folder, index, entry.getValue().asText());
            if (!shard.tensors().containsKey(name)) {
                throw new InputException(
                        index + " places tensor " + name + " in " + shard.path() + ", which does not hold it.");
            }
            tensors.put(name, shard);
        });
        shards.values().forEach(shard -> requireListed(index, shard));
        compareSizes(index, root.path("metadata").path("total_size"));
    }

    /** A shard with more than the index says is from another release, or its tensor is in two shards. */
    private void requireListed(Path index, SafetensorsFile shard) {
        for (String name : shard.tensors().keySet()) {
            SafetensorsFile listed = tensors.get(name);
            if (listed == null) {
                throw new InputException(shard.path() + " holds tensor " + name + ", which " + index
                        + " does not list; they do not belong together, fetch both again.");
            }
            if (listed != shard) {
                throw new InputException("Tensor " + name + " is in two shards, " + listed.path() + " and "
                        + shard.path() + "; fetch them and " + index + " again.");
            }
        }
    }

    /** Published checkpoints get this number wrong now and then, and nothing depends on it. */
    private void compareSizes(Path index, JsonNode claimed) {
        long bytes = shards.values().stream()
                .flatMap(shard -> shard.tensors().values().stream())
                .mapToLong(tensor -> tensor.end() - tensor.begin())
                .sum();
        if (claimed.isNumber() && claimed.longValue() != bytes) {
            LOG.warn("{} claims {} bytes of weights, but its shards hold {}.", index, claimed, bytes);
        }
    }

    private SafetensorsFile shard(Path folder, Path index, String shardName) {
        SafetensorsFile open = shards.get(shardName);
        if (open != null) {
            return open;
        }
        // An index comes from elsewhere; it must not make us read files outside its folder.
        boolean plainName = !shardName.isEmpty()
                && !shardName.equals(".")
                && !shardName.equals("..")
                && shardName.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c == 0);
        if (!plainName) {
            throw new InputException(index + " names a shard \"" + shardName
                    + "\"; only plain file names in the same folder are allowed.");
        }
        Path path = folder.resolve(shardName);
        if (!Files.isRegularFile(path)) {
            throw new InputException("Shard " + path + " is missing, though " + index + " lists it; fetch it.");
        }
        SafetensorsFile file = SafetensorsFile.open(path);
        shards.put(shardName, file);
        return file;
    }

    private static JsonNode readIndex(Path index) {
        try {
            return JSON.readTree(Files.readString(index));
        } catch (JsonProcessingException e) {
            throw new InputException(index + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IOException e) {
            throw new InputException(index + " cannot be read: " + e.getMessage(), e);
        }
    }
}
