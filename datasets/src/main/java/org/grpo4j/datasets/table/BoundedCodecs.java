package org.grpo4j.datasets.table;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.arrow.compression.CommonsCompressionFactory;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;

/**
 * Arrow's codecs, but LZ4 unfolded into as much memory as the file claimed and was granted: Arrow's own first unfolds it to
 * its end on the heap and compares afterwards, so that a few bytes could fill the heap.
 */
final class BoundedCodecs implements CompressionCodec.Factory {

    static final BoundedCodecs INSTANCE = new BoundedCodecs();

    private BoundedCodecs() {}

    @Override
    public CompressionCodec createCodec(CodecType type) {
        return type == CodecType.LZ4_FRAME ? new Lz4() : CommonsCompressionFactory.INSTANCE.createCodec(type);
    }

    @Override
    public CompressionCodec createCodec(CodecType type, int level) {
        return createCodec(type);
    }

    private static final class Lz4 extends AbstractCompressionCodec {

        private static final int STEP = 1 << 16;

        @Override
        protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf buffer) {
            throw new UnsupportedOperationException("LZ4 is only read");
        }

        @Override
        protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf compressed) {
            long length = readUncompressedLength(compressed);
            ArrowBuf result = allocator.buffer(length);
            boolean done = false;
            try (InputStream in = new FramedLZ4CompressorInputStream(new Bytes(compressed))) {
                unfold(in, result, length);
                result.writerIndex(length);
                done = true;
                return result;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                if (!done) {
                    result.close();
                }
            }
        }

        private static void unfold(InputStream in, ArrowBuf target, long length) throws IOException {
            byte[] bytes = new byte[(int) Math.min(STEP, length + 1)];
            long at = 0;
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (read > length - at) {
                    throw new IOException(
                            "a compressed buffer unfolds to more than the " + length + " bytes it claims");
                }
                target.setBytes(at, bytes, 0, read);
                at += read;
            }
            if (at < length) {
                throw new IOException("a compressed buffer unfolds to " + at + " bytes and claims " + length);
            }
        }

        @Override
        public CompressionUtil.CodecType getCodecType() {
            return CodecType.LZ4_FRAME;
        }
    }

    /** A buffer's bytes after the length at its start. */
    private static final class Bytes extends InputStream {

        private final ArrowBuf buffer;
        private final long end;
        private long next = Long.BYTES;

        Bytes(ArrowBuf buffer) {
            this.buffer = buffer;
            this.end = buffer.writerIndex();
        }

        @Override
        public int read() {
            return next < end ? buffer.getByte(next++) & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (next >= end) {
                return -1;
            }
            int count = (int) Math.min(length, end - next);
            buffer.getBytes(next, target, offset, count);
            next += count;
            return count;
        }
    }
}
