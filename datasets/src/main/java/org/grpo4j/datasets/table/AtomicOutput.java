package org.grpo4j.datasets.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.grpo4j.datasets.DatasetException;

/**
 * Writes a file or folder so that its name never stands for half of it: under a temporary name beside it, forced to
 * disk, then renamed. When writing fails the temporary files are removed and what was there stays.
 */
final class AtomicOutput {

    /** Fills the temporary path with a file or a folder. */
    @FunctionalInterface
    interface Content {
        void writeTo(Path temporary) throws IOException;
    }

    private AtomicOutput() {}

    /** Writes something new; an existing target is refused. */
    static void create(Path target, Content content) {
        if (Files.exists(target)) {
            throw new DatasetException(target + " exists already: remove it or choose another name");
        }
        replace(target, content);
    }

    /** Writes something new or in place of what is there. */
    static void replace(Path target, Content content) {
        Path absolute = target.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new DatasetException(target + " cannot be written: it is the root of a file system");
        }
        Path temporary = parent.resolve("." + absolute.getFileName() + ".tmp-" + UUID.randomUUID());
        try {
            Files.createDirectories(parent);
            content.writeTo(temporary);
            force(temporary);
            swap(temporary, absolute);
            forceFolder(parent);
        } catch (IOException | UncheckedIOException e) {
            throw new DatasetException(target + " cannot be written: " + Messages.firstLine(e), e);
        } finally {
            deleteTree(temporary);
        }
    }

    private static void swap(Path temporary, Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        // A folder that is not empty cannot be renamed over, so the old one steps aside first.
        Path old = temporary.resolveSibling(temporary.getFileName() + ".old");
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        deleteTree(old);
    }

    private static void force(Path path) throws IOException {
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path entry : tree.toList()) {
                if (Files.isDirectory(entry)) {
                    forceFolder(entry);
                } else {
                    try (FileChannel channel = FileChannel.open(entry, StandardOpenOption.WRITE)) {
                        channel.force(true);
                    }
                }
            }
        }
    }

    /** Windows cannot open folders, and does not need it. */
    private static void forceFolder(Path folder) throws IOException {
        if (System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void deleteTree(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path entry : deepestFirst) {
                Files.deleteIfExists(entry);
            }
        } catch (IOException e) {
            throw new DatasetException(
                    "the temporary " + path + " cannot be removed: " + Messages.firstLine(e) + "; remove it by hand",
                    e);
        }
    }
}
