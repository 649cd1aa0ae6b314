package org.grpo4j.training.tensorboard;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Writes TFRecords (tensorflow.org/tutorials/load_data/tfrecord): the length in eight bytes, its checksum, the data, its
 * checksum, all little-endian.
 */
final class RecordWriter implements Closeable {
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int MASK_DELTA = 0xa282ead8;

    private final OutputStream out;

    /** @param out closed with this writer */
    RecordWriter(OutputStream out) {
        this.out = out;
    }

    /** Appends a record in a single write, so that a reader of the growing file meets at most one cut record. */
    void write(byte[] data) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(LENGTH_BYTES + Integer.BYTES + data.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length);
        record.putInt(maskedChecksum(record.array(), LENGTH_BYTES)).put(data).putInt(maskedChecksum(data, data.length));
        out.write(record.array());
    }

    void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** CRC-32C turned and shifted, because a checksum of data that holds checksums would detect less. */
    private static int maskedChecksum(byte[] data, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(data, 0, length);
        int crc = (int) checksum.getValue();
        return ((crc >>> 15) | (crc << 17)) + MASK_DELTA;
    }
}
