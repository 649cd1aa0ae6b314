package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/** Keeps a second process out of the folder of a run. The system gives it up when the process ends, however it ends. */
final class RunLock implements AutoCloseable {
    private static final String FILE = ".lock";

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /** @throws InputException if a run is going on in the folder */
    static RunLock take(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel =
                FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!isFree(channel)) {
            channel.close();
            throw new InputException("A run is going on in " + folder
                    + ", and two would spoil each other's files; wait for it, stop it, or set another output.");
        }
        return new RunLock(channel);
    }

    private static boolean isFree(FileChannel channel) {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            // Some network file systems know no locks; the run is worth more than the check.
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
