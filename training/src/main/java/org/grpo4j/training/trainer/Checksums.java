package org.grpo4j.training.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.grpo4j.framework.io.AtomicFile;
import org.grpo4j.framework.io.FileDigest;

/**
 * Sizes and SHA-256 of all files of a checkpoint, in {@value #FILE}: {@code {"model.safetensors": {"bytes": 1024,
 * "sha256": "…"}, …}}. Files that are not listed are nobody's business.
 */
final class Checksums {
    static final String FILE = "trainer_state/checksums.json";

    private static final String BYTES = "bytes";
    private static final String SHA256 = "sha256";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Checksums() {}

    /** Lists all files that are in a folder now. */
    static void write(Path folder) throws IOException {
        List<Path> files = filesIn(folder);
        // Weights and optimiser state are gigabytes each, and hashing is slower than the disk may be.
        List<FileDigest> digests = files.parallelStream().map(Checksums::digest).toList();
        ObjectNode all = JSON.createObjectNode();
        for (int i = 0; i < files.size(); i++) {
            all.putObject(name(folder, files.get(i)))
                    .put(BYTES, digests.get(i).bytes())
                    .put(SHA256, digests.get(i).sha256());
        }
        AtomicFile.writeString(folder.resolve(FILE), all.toPrettyString() + "\n");
    }

    private static FileDigest digest(Path file) {
        try {
            return FileDigest.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " could not be read", e);
        }
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static String name(Path folder, Path file) {
        return folder.relativize(file).toString().replace('\\', '/');
    }

    /** The names that are listed, relative to the folder; none if there is no readable list. */
    static List<String> names(Path folder) {
        List<String> names = new ArrayList<>();
        try {
            if (Files.exists(folder.resolve(FILE))) {
                JSON.readTree(Files.readString(folder.resolve(FILE)))
                        .fieldNames()
                        .forEachRemaining(names::add);
            }
        } catch (IOException e) {
            return List.of();
        }
        return names;
    }

    /**
     * What is wrong with the files of a folder, for people; nothing if all are as they were written, or if the folder is
     * of a version that wrote no list.
     */
    static Optional<String> fault(Path folder) throws IOException {
        Path list = folder.resolve(FILE);
        if (!Files.exists(list)) {
            return Optional.empty();
        }
        JsonNode all;
        try {
            all = JSON.readTree(Files.readString(list));
        } catch (JsonProcessingException | CharacterCodingException e) {
            return Optional.of(list + " is damaged: it is not valid JSON");
        }
        if (!all.isObject() || all.isEmpty()) {
            return Optional.of(list + " is damaged: it lists no files");
        }
        return all.properties().parallelStream()
                .map(entry -> fault(folder.resolve(entry.getKey()), entry.getValue()))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<String> fault(Path file, JsonNode expected) {
        if (!Files.isRegularFile(file)) {
            return Optional.of(file + " is missing");
        }
        FileDigest found;
        try {
            found = FileDigest.of(file);
        } catch (IOException e) {
            // A disk that fails is one more way in which a file is damaged.
            return Optional.of(file + " is damaged: it cannot be read (" + e.getMessage() + ")");
        }
        long bytes = found.bytes();
        if (bytes != expected.path(BYTES).asLong(-1)) {
            return Optional.of(file + " is damaged: it has " + bytes + " bytes and was written with "
                    + expected.path(BYTES).asText("none"));
        }
        if (!found.sha256().equals(expected.path(SHA256).asText())) {
            return Optional.of(file + " is damaged: its content is not what was written (SHA-256 differs)");
        }
        return Optional.empty();
    }
}
