package org.grpo4j.datasets.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.CompressionType;
import org.apache.arrow.flatbuf.Field;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flatbuf.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a batch of a schema must look like: each column and each of its children has a node, in depth-first order.
 *
 * @param columns the number of each column's own node; null before the schema was seen
 * @param nodes how many there are
 */
record BatchLayout(@Nullable List<Integer> columns, int nodes) {

    static final BatchLayout UNKNOWN = new BatchLayout(null, 0);

    /** LZ4 cannot do better; ZSTD can, on data that is all the same. */
    private static final long LARGEST_LZ4_RATIO = 255;

    private static final long LARGEST_ZSTD_RATIO = 1 << 14;

    /** Columns of nothing but nulls take no bytes at all; up to this length they are believed. */
    private static final long LONGEST_WITHOUT_BYTES = 1 << 20;

    private static final int DEEPEST = 64;

    static BatchLayout of(Message message) throws IOException {
        Schema schema = (Schema) message.header(new Schema());
        CheckedMessages.check(schema != null && schema.fieldsLength() > 0, "a schema without columns");
        List<Integer> columns = new ArrayList<>();
        int nodes = 0;
        for (int i = 0; schema != null && i < schema.fieldsLength(); i++) {
            columns.add(nodes);
            nodes += nodes(schema.fields(i), 0);
        }
        return new BatchLayout(List.copyOf(columns), nodes);
    }

    /** A column encoded by a dictionary is a column of indices here, whatever its values are. */
    private static int nodes(Field field, int depth) throws IOException {
        CheckedMessages.check(depth < DEEPEST, "a column nested deeper than " + DEEPEST);
        int nodes = 1;
        for (int i = 0; field.dictionary() == null && i < field.childrenLength(); i++) {
            nodes += nodes(field.children(i), depth + 1);
        }
        return nodes;
    }

    static long largestRatio(@Nullable BodyCompression compression) {
        if (compression == null) {
            return 1;
        }
        return compression.codec() == CompressionType.LZ4_FRAME ? LARGEST_LZ4_RATIO : LARGEST_ZSTD_RATIO;
    }

    /**
     * Checks a batch's numbers against its size and the schema.
     *
     * @param bodyLength bytes of the batch
     * @param ofRows whether it holds rows of the schema, not a dictionary
     */
    void check(RecordBatch batch, long bodyLength, boolean ofRows) throws IOException {
        // A bit is the least that a value takes.
        long longest = Math.max(LONGEST_WITHOUT_BYTES, bodyLength * Byte.SIZE * largestRatio(batch.compression()));
        boolean fits = batch.length() >= 0 && batch.length() <= Math.min(longest, Integer.MAX_VALUE);
        CheckedMessages.check(fits, "a batch of " + batch.length() + " rows");
        for (int i = 0; i < batch.nodesLength(); i++) {
            FieldNode node = batch.nodes(i);
            fits = node.length() >= 0 && node.length() <= Math.min(longest, Integer.MAX_VALUE);
            fits &= node.nullCount() >= 0 && node.nullCount() <= node.length();
            CheckedMessages.check(fits, "a column of impossible length");
        }
        if (ofRows) {
            checkColumns(batch);
        }
        checkBuffers(batch, bodyLength);
    }

    private void checkColumns(RecordBatch batch) throws IOException {
        if (columns == null || batch.nodesLength() != nodes) {
            throw new IOException("it holds a batch that does not fit its schema");
        }
        for (int column : columns) {
            CheckedMessages.check(batch.nodes(column).length() == batch.length(), "columns of different lengths");
        }
    }

    private static void checkBuffers(RecordBatch batch, long bodyLength) throws IOException {
        for (int i = 0; i < batch.buffersLength(); i++) {
            Buffer buffer = batch.buffers(i);
            boolean fits = buffer.offset() >= 0 && buffer.length() >= 0 && buffer.length() <= bodyLength;
            fits &= buffer.offset() <= bodyLength - buffer.length();
            CheckedMessages.check(fits, "a buffer outside of its batch");
        }
        for (int i = 0; i < batch.variadicBufferCountsLength(); i++) {
            long count = batch.variadicBufferCounts(i);
            CheckedMessages.check(count >= 0 && count <= batch.buffersLength(), "a column of too many buffers");
        }
    }
}
