package org.grpo4j.training.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.grpo4j.models.lora.AdapterFolder;

/** Where the model is that a user means by a folder. */
final class ModelFolder {

    private static final String CHECKPOINT = "checkpoint-";

    private ModelFolder() {}

    /**
     * The folder itself if it is a checkpoint, as that of a finished run is; for a run that is still going or was broken
     * off, its latest checkpoint.
     */
    static Path of(Path folder) {
        if (Files.exists(folder.resolve("config.json")) || AdapterFolder.isOne(folder) || !Files.isDirectory(folder)) {
            return folder;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(path -> step(path) >= 0)
                    .max(Comparator.comparingInt(ModelFolder::step))
                    .orElse(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int step(Path path) {
        String name = path.getFileName().toString();
        return name.matches(CHECKPOINT + "\\d{1,9}") ? Integer.parseInt(name.substring(CHECKPOINT.length())) : -1;
    }
}
