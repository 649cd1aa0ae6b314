package org.grpo4j.datasets.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import org.apache.arrow.flatbuf.BodyCompression;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.DictionaryBatch;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageChannelReader;
import org.apache.arrow.vector.ipc.message.MessageResult;
import org.jspecify.annotations.Nullable;

/**
 * The messages of an Arrow IPC stream, each checked against the bytes that are really there before Arrow allocates
 * memory or makes pointers from it: Arrow itself trusts lengths and offsets, so a damaged file could ask for any amount
 * of memory or have buffers lie outside of their message. Format:
 * <a href="https://arrow.apache.org/docs/format/Columnar.html#serialization-and-interprocess-communication-ipc">IPC</a>.
 */
final class CheckedMessages extends MessageChannelReader {

    private static final int CONTINUATION = -1;
    private static final int LARGEST_METADATA = 64 << 20;

    private final FileChannel channel;
    private final IpcRange range;
    private final BufferAllocator allocator;
    private BatchLayout layout = BatchLayout.UNKNOWN;

    CheckedMessages(FileChannel channel, IpcRange range, BufferAllocator allocator) throws IOException {
        super(new ReadChannel(channel), allocator);
        this.channel = channel;
        this.range = range;
        this.allocator = allocator;
        channel.position(range.start());
    }

    @Override
    public @Nullable MessageResult readNext() throws IOException {
        return peek() == null ? null : super.readNext();
    }

    /** Steps over the next message without reading its body: the rows in it, or -1 at the end of the stream. */
    long skipNext() throws IOException {
        Header header = peek();
        if (header == null) {
            return -1;
        }
        channel.position(header.end());
        RecordBatch batch = header.message().headerType() == MessageHeader.RecordBatch ? batch(header.message()) : null;
        return batch == null ? 0 : batch.length();
    }

    private record Header(Message message, long end) {}

    /** Reads and checks the next message's metadata and leaves the position before it; null at the end mark. */
    private @Nullable Header peek() throws IOException {
        long position = channel.position();
        if (position == range.end() && !range.needsEndMark()) {
            return null;
        }
        int length = read(position, Integer.BYTES).getInt();
        long metadataStart = position + Integer.BYTES;
        if (length == CONTINUATION) {
            length = read(metadataStart, Integer.BYTES).getInt();
            metadataStart += Integer.BYTES;
        }
        if (length == 0) {
            return null;
        }
        check(length > 0 && length <= LARGEST_METADATA, "a message header of " + length + " bytes");
        Message message = Message.getRootAsMessage(read(metadataStart, length));
        long bodyStart = metadataStart + length;
        long bodyLength = message.bodyLength();
        check(bodyLength >= 0, "a message of " + bodyLength + " bytes");
        if (bodyLength > range.end() - bodyStart) {
            throw cut();
        }
        if (message.headerType() == MessageHeader.Schema) {
            layout = BatchLayout.of(message);
        }
        RecordBatch batch = batch(message);
        if (batch != null) {
            layout.check(batch, bodyLength, message.headerType() == MessageHeader.RecordBatch);
            checkCompression(batch, bodyStart);
        }
        return new Header(message, bodyStart + bodyLength);
    }

    private static @Nullable RecordBatch batch(Message message) {
        if (message.headerType() == MessageHeader.RecordBatch) {
            return (RecordBatch) message.header(new RecordBatch());
        }
        if (message.headerType() == MessageHeader.DictionaryBatch) {
            DictionaryBatch dictionary = (DictionaryBatch) message.header(new DictionaryBatch());
            return dictionary == null ? null : dictionary.data();
        }
        return null;
    }

    /** A compressed buffer begins with its decompressed length, which sizes an array before anything is decompressed. */
    private void checkCompression(RecordBatch batch, long bodyStart) throws IOException {
        BodyCompression compression = batch.compression();
        if (compression == null) {
            return;
        }
        long ratio = BatchLayout.largestRatio(compression);
        long bound = MemoryBound.ofCompressed(range.end());
        long claimed = 0;
        for (int i = 0; i < batch.buffersLength(); i++) {
            Buffer buffer = batch.buffers(i);
            if (buffer.length() >= Long.BYTES) {
                long length = read(bodyStart + buffer.offset(), Long.BYTES).getLong();
                boolean plausible = length >= -1 && length / ratio <= buffer.length();
                check(plausible, "a compressed buffer of impossible length");
                // Each is below the bound here, so the sum cannot overflow.
                check(length <= bound, "a compressed buffer of impossible length");
                claimed += Math.max(length, 0);
                check(claimed <= bound, "a batch that unfolds to more than " + bound + " bytes");
            }
        }
        // Dictionaries stay, and the batch itself is in memory while it is unfolded.
        allocator.setLimit(MemoryBound.ofPlain(range.end()) + bound);
    }

    private ByteBuffer read(long position, int length) throws IOException {
        if (length > range.end() - position) {
            throw cut();
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw cut();
            }
        }
        return bytes.flip();
    }

    static void check(boolean holds, String found) throws IOException {
        if (!holds) {
            throw new IOException("it holds " + found);
        }
    }

    private static IOException cut() {
        return new IOException("it ends in the middle, as a copy that was cut does");
    }
}
