package org.grpo4j.framework.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Writes a file so that nobody ever sees half of it: the bytes go to a temporary file in the same folder, are forced to
 * the disk, and take the final name in one step. If writing fails, the temporary file is removed and an older file of
 * that name is untouched.
 */
public final class AtomicFile {

    private static final Pattern TEMPORARY = Pattern.compile("\\..+\\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /** Produces the bytes of a file. The stream is buffered; the body need not close it. */
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    private AtomicFile() {}

    /**
     * Writes a file, replacing an older one. Missing parent folders are made.
     *
     * @throws IOException if the body throws it or the disk does not take the bytes
     */
    public static void write(Path path, Body body) throws IOException {
        Path target = path.toAbsolutePath();
        Path folder = parentOf(target);
        Files.createDirectories(folder);
        Path temporary = temporaryBeside(target);
        try {
            writeForced(temporary, body);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw named(path, e);
        } finally {
            Files.deleteIfExists(temporary);
        }
        forceFolder(folder);
    }

    /** A disk that takes no more bytes does not say which file it was. */
    private static IOException named(Path path, IOException e) {
        return e instanceof FileSystemException ? e : new IOException(path + ": " + e.getMessage(), e);
    }

    /** Writes a text in UTF-8. */
    public static void writeString(Path path, String text) throws IOException {
        write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Gives the bytes of one file to another name, in the place of an older file of that name and in one step. Where the
     * file system can, the two names share the bytes on the disk: for files that are only ever replaced, never changed.
     */
    public static void link(Path existing, Path path) throws IOException {
        Path target = path.toAbsolutePath();
        Path folder = parentOf(target);
        Files.createDirectories(folder);
        Path temporary = temporaryBeside(target);
        try {
            linkOrCopy(existing, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            // Renaming one name of a file to another name of the same file does nothing, and leaves the first.
            Files.deleteIfExists(temporary);
        }
        forceFolder(folder);
    }

    private static void linkOrCopy(Path existing, Path copy) throws IOException {
        try {
            Files.createLink(copy, existing);
        } catch (UnsupportedOperationException | FileSystemException e) {
            writeForced(copy, out -> Files.copy(existing, out));
        }
    }

    /** A name in the same folder that no one else uses; the dot hides it from listings. */
    static Path temporaryBeside(Path target) {
        return target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    }

    /** Whether a file or folder has a name that {@link #temporaryBeside} gives. */
    static boolean isTemporary(Path path) {
        return TEMPORARY.matcher(path.getFileName().toString()).matches();
    }

    static Path parentOf(Path absolute) throws IOException {
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new IOException(absolute + " is no place to write to");
        }
        return parent;
    }

    /** Makes a rename in the folder last through a power cut, where the platform lets a folder be forced. */
    static void forceFolder(Path folder) {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            // Windows opens no channel on a folder; the rename itself has succeeded all the same.
            return;
        }
    }

    private static void writeForced(Path file, Body body) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            body.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }
}
