package org.grpo4j.framework.io;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/**
 * Writes a folder of several files so that it appears complete or not at all: the files are written to a temporary
 * folder beside it, which then takes the final name. When an older folder is replaced there is a short moment between
 * two renames without either; a failure in it puts the old one back.
 */
public final class AtomicFolder {

    /** Writes the files of a folder that is empty at first. */
    @FunctionalInterface
    public interface Body {
        void writeTo(Path folder) throws IOException;
    }

    private AtomicFolder() {}

    /**
     * Writes a folder that does not exist yet or is empty.
     *
     * @throws InputException if there is something in the folder already
     */
    public static void create(Path folder, Body body) throws IOException {
        requireNewOrEmpty(folder);
        replace(folder, body);
    }

    /** Writes a folder in the place of an older one, <b>all</b> of whose content is deleted. */
    public static void replace(Path folder, Body body) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        Path parent = AtomicFile.parentOf(target);
        Files.createDirectories(parent);
        Path temporary = AtomicFile.temporaryBeside(target);
        try {
            Files.createDirectory(temporary);
            body.writeTo(temporary);
            AtomicFile.forceFolder(temporary);
            swap(temporary, target);
        } finally {
            delete(temporary);
        }
        AtomicFile.forceFolder(parent);
    }

    /**
     * Refuses to write where something is; to be called before work whose result could not be kept.
     *
     * @throws InputException if there is a file of this name, or a folder that is not empty
     */
    public static void requireNewOrEmpty(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new InputException(folder + " is a file; give the name of a folder to write.");
        }
        if (Files.isDirectory(folder)) {
            try (Stream<Path> content = Files.list(folder)) {
                if (content.findAny().isPresent()) {
                    throw new InputException(folder + " is not empty; give a new folder or remove it first.");
                }
            }
        }
    }

    private static void swap(Path temporary, Path target) throws IOException {
        if (!Files.exists(target)) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = AtomicFile.temporaryBeside(target);
        Files.move(target, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        delete(old);
    }

    /**
     * Removes a folder with all of its content: first its name, in one step, so that a process that dies here leaves no
     * folder with half of its files.
     */
    public static void remove(Path folder) throws IOException {
        Path target = folder.toAbsolutePath().normalize();
        if (Files.exists(target)) {
            Path unnamed = AtomicFile.temporaryBeside(target);
            Files.move(target, unnamed, StandardCopyOption.ATOMIC_MOVE);
            delete(unnamed);
        }
    }

    /**
     * Removes what a process that was killed while it wrote has left in a folder: temporary files and folders of {@link
     * AtomicFile} and of this class. Only to be called while nobody else writes there.
     *
     * @return what was removed
     */
    public static List<Path> removeLeftovers(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> leftovers;
        try (Stream<Path> content = Files.list(folder)) {
            leftovers = content.filter(AtomicFile::isTemporary).sorted().toList();
        }
        for (Path leftover : leftovers) {
            delete(leftover);
        }
        return leftovers;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException problem) throws IOException {
                if (problem != null) {
                    throw problem;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
