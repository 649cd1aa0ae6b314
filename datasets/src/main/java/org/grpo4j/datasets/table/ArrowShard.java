package org.grpo4j.datasets.table;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/**
 * One open Arrow stream or file. It owns its native memory: closing it closes the allocator, which refuses when a buffer
 * was left behind.
 */
final class ArrowShard implements RowReader {

    private final Path file;
    private final ShardMemory memory;
    private final BufferAllocator allocator;
    private final ArrowStreamReader reader;
    private final ArrowValues values;
    private final Schema schema;
    private @Nullable VectorSchemaRoot batch;
    private int rowInBatch;
    private long rowsBefore;
    private boolean damaged;

    private ArrowShard(
            Path file, ShardMemory memory, BufferAllocator allocator, ArrowStreamReader reader, Schema schema) {
        this.file = file;
        this.memory = memory;
        this.allocator = allocator;
        this.reader = reader;
        this.schema = schema;
        this.values = new ArrowValues(reader);
    }

    static ArrowShard open(Path file) {
        FileChannel channel = null;
        ShardMemory memory = new ShardMemory();
        BufferAllocator allocator = null;
        ArrowStreamReader reader = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            allocator = memory.allocator(MemoryBound.ofPlain(channel.size()));
            CheckedMessages messages = new CheckedMessages(channel, IpcRange.of(channel), allocator);
            reader = new ArrowStreamReader(messages, allocator, BoundedCodecs.INSTANCE);
            return new ArrowShard(file, memory, allocator, reader, ArrowTypes.logicalSchema(reader));
        } catch (IOException | RuntimeException e) {
            closeAfter(e, reader, channel);
            memory.freeLost();
            throw unreadable(file, e);
        }
    }

    /** Counts rows by the batches' headers; their bodies are not read. */
    static long countRows(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                BufferAllocator allocator = new ShardMemory().allocator(MemoryBound.ofPlain(channel.size()));
                CheckedMessages messages = new CheckedMessages(channel, IpcRange.of(channel), allocator)) {
            long rows = 0;
            for (long more = messages.skipNext(); more >= 0; more = messages.skipNext()) {
                rows += more;
            }
            return rows;
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    Schema schema() {
        return schema;
    }

    @Override
    public @Nullable Map<String, @Nullable Object> next() {
        try {
            while (batch == null || rowInBatch == batch.getRowCount()) {
                rowsBefore += batch == null ? 0 : batch.getRowCount();
                if (!reader.loadNextBatch()) {
                    return null;
                }
                batch = reader.getVectorSchemaRoot();
                rowInBatch = 0;
            }
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (FieldVector column : batch.getFieldVectors()) {
                row.put(column.getName(), values.read(column, rowInBatch));
            }
            rowInBatch++;
            return row;
        } catch (IOException | RuntimeException e) {
            damaged = true;
            throw unreadable(file, e, rowsBefore + rowInBatch);
        }
    }

    @Override
    public void close() {
        if (damaged) {
            // The allocator would complain of the buffers that Arrow lost, which helps nobody.
            closeAfter(new IOException(), reader);
            memory.freeLost();
            return;
        }
        try {
            reader.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        } finally {
            allocator.close();
        }
    }

    /** What fails to close after damage must not hide the damage itself. */
    private static void closeAfter(Exception first, @Nullable AutoCloseable... resources) {
        for (AutoCloseable resource : resources) {
            try {
                if (resource != null) {
                    resource.close();
                }
            } catch (Exception e) {
                first.addSuppressed(e);
            }
        }
    }

    private static DatasetException unreadable(Path file, Exception e) {
        if (e instanceof DatasetException known) {
            return known;
        }
        return new DatasetException("the Arrow data " + file + " is damaged: " + cause(e) + "; copy it again", e);
    }

    private static DatasetException unreadable(Path file, Exception e, long row) {
        String where = "the Arrow data " + file + " is damaged near row " + row + ": ";
        return new DatasetException(where + cause(e) + "; copy it again", e);
    }

    private static String cause(Exception e) {
        // Where a batch is loaded, Arrow wraps it into an account of the column.
        if (e instanceof OutOfMemoryException || e.getCause() instanceof OutOfMemoryException) {
            return "it asks for more memory than its size can explain";
        }
        if (e instanceof IndexOutOfBoundsException) {
            return "its lengths and offsets contradict each other";
        }
        return Messages.firstLine(e);
    }
}
