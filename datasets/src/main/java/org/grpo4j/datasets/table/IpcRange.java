package org.grpo4j.datasets.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Where the messages lie in a file: all of an IPC stream; in an IPC file, what is between the opening mark and the
 * footer, which is a stream too.
 *
 * @param start first byte of the first message
 * @param end byte after the last one
 * @param needsEndMark whether the messages must end with an end-of-stream mark. Without it a stream that was cut between
 *     two batches could not be told from a whole one; in an IPC file the footer vouches for the end.
 */
record IpcRange(long start, long end, boolean needsEndMark) {

    private static final byte[] MAGIC = "ARROW1".getBytes(StandardCharsets.US_ASCII);
    private static final int OPENING = 8;
    private static final int CLOSING = Integer.BYTES + MAGIC.length;

    static IpcRange of(FileChannel channel) throws IOException {
        long size = channel.size();
        if (!startsWithMagic(channel)) {
            return new IpcRange(0, size, true);
        }
        if (size < OPENING + CLOSING) {
            throw new IOException("it ends in the middle, as a copy that was cut does");
        }
        ByteBuffer closing = read(channel, size - CLOSING, CLOSING);
        int footer = closing.getInt();
        if (!isMagic(closing)) {
            throw new IOException("its closing mark is missing, as in a copy that was cut");
        }
        long end = size - CLOSING - footer;
        if (footer <= 0 || end < OPENING) {
            throw new IOException("its footer has an impossible length of " + footer + " bytes");
        }
        return new IpcRange(OPENING, end, false);
    }

    private static boolean startsWithMagic(FileChannel channel) throws IOException {
        return channel.size() >= MAGIC.length && isMagic(read(channel, 0, MAGIC.length));
    }

    private static boolean isMagic(ByteBuffer bytes) {
        return bytes.equals(ByteBuffer.wrap(MAGIC));
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new IOException("it became shorter while it was read");
            }
        }
        return bytes.flip();
    }
}
