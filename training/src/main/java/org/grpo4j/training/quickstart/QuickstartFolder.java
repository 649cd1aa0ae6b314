package org.grpo4j.training.quickstart;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;

/** Where a quickstart writes: never into a folder that holds something else. */
public final class QuickstartFolder {
    private QuickstartFolder() {}

    /**
     * A folder that the user named.
     *
     * @throws InputException if there is something in it
     */
    public static Path named(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(folder + " is a file; give --output the name of a new folder.");
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw new InputException(
                            folder + " is not empty; give --output the name of a new folder, or leave it out.");
                }
            }
        }
        return Files.createDirectories(folder);
    }

    /** The first of {@code first}, {@code first-2}, {@code first-3} … that does not exist yet; it does afterwards. */
    public static Path next(Path first) throws IOException {
        Path parent = first.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        for (int i = 1; ; i++) {
            Path folder = i == 1 ? first : first.resolveSibling(first.getFileName() + "-" + i);
            try {
                // Made here, not later: of two that start at once only one can make it.
                return Files.createDirectory(folder);
            } catch (FileAlreadyExistsException taken) {
                continue;
            }
        }
    }
}
