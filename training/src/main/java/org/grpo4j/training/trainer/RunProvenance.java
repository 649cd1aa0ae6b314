package org.grpo4j.training.trainer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.grpo4j.datasets.Provenance;
import org.grpo4j.framework.io.FileDigest;
import org.grpo4j.models.weights.AdapterBase;
import org.grpo4j.training.config.DataSection;
import org.grpo4j.training.config.ModelSection;
import org.jspecify.annotations.Nullable;

/**
 * Where the weights of a run come from: program, machine, seed, and hashes of everything that was read. Collected once, at
 * the start of a run, and written into each of its checkpoints.
 */
final class RunProvenance {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode json = JSON.createObjectNode();
    private final ObjectNode data = JSON.createObjectNode();

    private RunProvenance() {}

    /**
     * Of a run that starts now.
     *
     * @param seed all random choices derive from it
     * @param model whose files are hashed
     */
    static RunProvenance of(long seed, ModelSection model) throws IOException {
        RunProvenance provenance = new RunProvenance();
        ObjectNode json = provenance.json;
        json.put("started", Instant.now().toString()).put("seed", seed);
        json.set("software", BuildVersion.software(JSON.createObjectNode()));
        json.set("machine", Machine.describe(JSON.createObjectNode()));
        ObjectNode models = json.putObject("model");
        Path path = model.path();
        if (path != null) {
            putFiles(models, "base", AdapterBase.isNeededBy(path) ? AdapterBase.of(path) : path);
            Path adapter = AdapterBase.isNeededBy(path) ? path : model.adapter();
            if (adapter != null) {
                putFiles(models, "adapter", adapter);
            }
        }
        json.set("data", provenance.data);
        return provenance;
    }

    /**
     * Adds data.
     *
     * @param use what for, such as {@code training}
     * @param section that names it
     * @param problems what was read from it, or null if only the files are known
     */
    RunProvenance data(String use, DataSection section, @Nullable Provenance problems) throws IOException {
        ObjectNode node = data.putObject(use).put("path", section.path().toString());
        if (problems != null) {
            node.put("problems", problems.rows()).put("problems_sha256", problems.sha256());
        }
        if (Files.exists(section.path())) {
            put(node.putArray("files"), section.path(), filesBelow(section.path()));
        }
        return this;
    }

    String toJson() {
        return json.toPrettyString() + "\n";
    }

    private static void putFiles(ObjectNode parent, String key, Path folder) throws IOException {
        ObjectNode node = parent.putObject(key).put("path", folder.toString());
        // A program of the user's may have made the policy itself, whatever its configuration says.
        if (!Files.isDirectory(folder)) {
            return;
        }
        put(node.putArray("files"), folder, modelFiles(folder));
    }

    private static void put(ArrayNode array, Path root, List<Path> files) throws IOException {
        for (Path file : files) {
            FileDigest digest = FileDigest.of(file);
            Path name = file.equals(root) ? file.getFileName() : root.relativize(file);
            array.addObject()
                    .put("name", name.toString())
                    .put("bytes", digest.bytes())
                    .put("sha256", digest.sha256());
        }
    }

    /** The weights and settings themselves, not the metrics of the run that made them. */
    private static List<Path> modelFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".safetensors")
                            || file.toString().endsWith(".json")
                            || file.toString().endsWith(".model"))
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> filesBelow(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
