package org.grpo4j.framework.io;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A safetensors file, open for reading. The header is read and checked when the file is opened; the numbers of a tensor
 * only when it is asked for, straight into the memory of its array or through one buffer of a few megabytes, so the peak
 * is one copy of what was asked for. One thread at a time.
 *
 * <p>Reads go through the file channel and not through a memory map: a copy to the array is needed in any case, and a
 * file that shrinks while it is mapped kills the JVM instead of throwing.
 */
public final class SafetensorsFile implements AutoCloseable {

    /** The bound of the reference implementation; a longer "header" is the middle of some other kind of file. */
    private static final long MAXIMUM_HEADER_BYTES = 100_000_000;

    private final Path path;
    private final FileChannel channel;
    private final SafetensorsHeader header;
    private final long dataStart;
    /** For numbers that are converted on their way; made when the first ones are. */
    private @Nullable ByteBuffer conversion;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        long fileBytes = channel.size();
        if (fileBytes < Long.BYTES) {
            throw new InputException(path + " is no safetensors file: it has only " + fileBytes + " bytes.");
        }
        ForeignFormat.refuse(
                path,
                readFully(0, (int) Math.min(fileBytes, ForeignFormat.LONGEST_MAGIC))
                        .array());
        long headerBytes = readFully(0, Long.BYTES).getLong();
        if (headerBytes < 2 || headerBytes > MAXIMUM_HEADER_BYTES || headerBytes > fileBytes - Long.BYTES) {
            throw new InputException(path + " is no complete safetensors file: its header claims "
                    + Long.toUnsignedString(headerBytes) + " bytes in a file of " + fileBytes + ".");
        }
        dataStart = Long.BYTES + headerBytes;
        byte[] json = readFully(Long.BYTES, (int) headerBytes).array();
        header = SafetensorsHeader.parse(path, json, fileBytes - dataStart);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws InputException if the file is missing, truncated or no safetensors file; the message names the tensor
     */
    public static SafetensorsFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new InputException("There is no weight file " + path + ".");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            SafetensorsFile file = new SafetensorsFile(path, channel);
            channel = null;
            return file;
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + e.getMessage(), e);
        } finally {
            closeQuietly(channel);
        }
    }

    public Path path() {
        return path;
    }

    /** What the header says of each tensor, in file order. */
    public Map<String, TensorEntry> tensors() {
        return header.tensors();
    }

    /** The strings the writer put under {@code __metadata__}. */
    public Map<String, String> metadata() {
        return header.metadata();
    }

    /**
     * How a tensor is stored.
     *
     * @throws InputException if there is no such tensor
     */
    public TensorType typeOf(String name) {
        return entry(name).type();
    }

    /**
     * Reads one tensor. The caller owns the array.
     *
     * @param dataType FLOAT, DOUBLE, BFLOAT16 or HALF; rounded to nearest even where it is narrower than what is stored,
     *     the same bits where it is the same type
     * @return c-ordered, of the shape in the header
     * @throws InputException if there is no such tensor or the file ends too early
     */
    public INDArray read(String name, DataType dataType) {
        TensorEntry entry = entry(name);
        if (entry.length() == 0) {
            throw new InputException(path + ": tensor " + name + " is empty.");
        }
        INDArray array = Nd4j.createUninitialized(dataType, entry.shape(), 'c');
        boolean done = false;
        try {
            fill(entry, array);
            done = true;
            return array;
        } finally {
            if (!done) {
                array.close();
            }
        }
    }

    /**
     * Reads one tensor into an array that exists.
     *
     * @param array c-ordered and contiguous, of a type that {@link #read} knows
     * @throws InputException if there is no such tensor, its shape differs, or the file ends too early
     */
    public void readInto(String name, INDArray array) {
        TensorEntry entry = entry(name);
        if (!Arrays.equals(entry.shape(), array.shape())) {
            throw new InputException(path + ": tensor " + name + " has shape "
                    + Arrays.toString(entry.shape()) + ", but "
                    + Arrays.toString(array.shape()) + " is needed.");
        }
        fill(entry, array);
    }

    /**
     * Whether {@link #read} in the type of an array would give its very bits; nothing is read as a whole.
     *
     * @param array c-ordered and contiguous
     * @throws InputException if there is no such tensor or the file ends too early
     */
    public boolean holds(String name, INDArray array) {
        TensorEntry entry = entry(name);
        if (!Arrays.equals(entry.shape(), array.shape())) {
            return false;
        }
        ArrayMemory memory = ArrayMemory.toRead(array);
        int window = (int) Math.min(entry.length(), ArrayMemory.WINDOW_ELEMENTS);
        ByteBuffer decoded =
                ByteBuffer.allocate(window * array.dataType().width()).order(ByteOrder.nativeOrder());
        boolean[] equal = {true};
        forWindows(entry, (first, count) -> {
            entry.type().decode(readWindow(entry, first, count), decoded.clear(), array.dataType(), count);
            equal[0] &= decoded.flip().equals(memory.window(first, count));
        });
        return equal[0];
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = header.tensors().get(name);
        if (entry == null) {
            throw new InputException(path + " holds no tensor " + name + ".");
        }
        return entry;
    }

    private void fill(TensorEntry entry, INDArray array) {
        ArrayMemory memory = ArrayMemory.toWrite(array);
        boolean sameBits = entry.type() == TensorType.lossless(array.dataType())
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        forWindows(entry, (first, count) -> {
            ByteBuffer target = memory.window(first, count);
            if (sameBits) {
                readFully(target, position(entry, first));
            } else {
                entry.type().decode(readWindow(entry, first, count), target, array.dataType(), count);
            }
        });
        memory.written();
    }

    /** Some elements of a tensor. */
    @FunctionalInterface
    private interface Window {
        void visit(long first, int count) throws IOException;
    }

    private void forWindows(TensorEntry entry, Window window) {
        try {
            for (long first = 0; first < entry.length(); first += ArrayMemory.WINDOW_ELEMENTS) {
                window.visit(first, (int) Math.min(ArrayMemory.WINDOW_ELEMENTS, entry.length() - first));
            }
        } catch (IOException e) {
            throw new InputException(path + ": tensor " + entry.name() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private long position(TensorEntry entry, long element) {
        return dataStart + entry.begin() + element * entry.type().bytes();
    }

    private ByteBuffer readWindow(TensorEntry entry, long first, int count) throws IOException {
        ByteBuffer buffer = conversion;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(largestWindowBytes()).order(ByteOrder.LITTLE_ENDIAN);
            conversion = buffer;
        }
        buffer.clear().limit(count * entry.type().bytes());
        readFully(buffer, position(entry, first));
        return buffer.flip();
    }

    /** A model may be a thousand small shards, each with a buffer of its own until it is collected. */
    private int largestWindowBytes() {
        return header.tensors().values().stream()
                .mapToInt(entry -> (int) Math.min(entry.length(), ArrayMemory.WINDOW_ELEMENTS)
                        * entry.type().bytes())
                .max()
                .orElse(0);
    }

    private ByteBuffer readFully(long position, int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        readFully(buffer, position);
        return buffer.flip();
    }

    private void readFully(ByteBuffer buffer, long position) throws IOException {
        long next = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, next);
            if (read < 0) {
                throw new EOFException("the file ends at byte " + next);
            }
            next += read;
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // Nothing was written, so nothing can be lost.
            return;
        }
    }
}
