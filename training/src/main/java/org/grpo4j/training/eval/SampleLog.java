package org.grpo4j.training.eval;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The file of samples. Lines are added a batch at a time and forced to the disk, so whatever was reported as done survives
 * a crash. One thread at a time.
 */
final class SampleLog implements AutoCloseable {

    static final String FILE = "samples.jsonl";

    private final FileChannel channel;

    private SampleLog(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Opens the file for adding, after cutting it to its first {@code length} bytes.
     *
     * @throws InputException if another process is writing to it
     */
    static SampleLog open(Path file, long length) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new InputException(
                    file + " is being written by another evaluation; wait for it, or give another --output");
        }
        channel.truncate(length);
        channel.position(channel.size());
        return new SampleLog(channel);
    }

    void add(List<SampleRecord> samples) throws IOException {
        StringBuilder lines = new StringBuilder();
        samples.forEach(sample -> lines.append(SampleJson.write(sample)).append('\n'));
        ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Reads the lines of a file that are complete; one that was cut off while it was written is left out. */
    static final class Reader implements AutoCloseable {
        private final Path file;
        private final InputStream in;
        private int line;
        private long position;

        Reader(Path file) throws IOException {
            this.file = file;
            this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        }

        /**
         * The next sample, or null after the last.
         *
         * @throws InputException if a complete line is no sample
         */
        @Nullable
        SampleRecord next() throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
            int next = in.read();
            while (next >= 0 && next != '\n') {
                bytes.write(next);
                next = in.read();
            }
            if (next < 0) {
                return null;
            }
            line++;
            position += bytes.size() + 1;
            return SampleJson.read(bytes.toString(StandardCharsets.UTF_8), file + ":" + line);
        }

        /** Bytes up to the end of the line that was read last. */
        long position() {
            return position;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
