package org.grpo4j.datasets.table;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * The compressions Parquet files of data sets have: none, Snappy, Zstandard, gzip. Parquet's own factory takes its codecs
 * from Hadoop and believes any length that a page claims to unpack to.
 */
final class ParquetCodecs implements CompressionCodecFactory {

    /** No compression of text comes near it. */
    private static final long LARGEST_RATIO = 5000;

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return new Decompressor(codec);
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("Parquet is read only");
    }

    @Override
    public void release() {}

    private record Decompressor(CompressionCodecName codec) implements BytesInputDecompressor {

        @Override
        public BytesInput decompress(BytesInput bytes, int length) throws IOException {
            return BytesInput.from(unpack(bytes.toByteArray(), length));
        }

        @Override
        public void decompress(ByteBuffer input, int inputLength, ByteBuffer output, int length) throws IOException {
            byte[] packed = new byte[inputLength];
            input.get(packed);
            output.put(unpack(packed, length));
        }

        private byte[] unpack(byte[] packed, int length) throws IOException {
            CheckedMessages.check(
                    length >= 0 && length / LARGEST_RATIO <= packed.length, "a compressed page of impossible length");
            byte[] bytes = switch (codec) {
                case UNCOMPRESSED -> packed;
                case SNAPPY -> snappy(packed, length);
                case ZSTD -> read(new ZstdInputStream(new ByteArrayInputStream(packed)), length);
                case GZIP -> read(new GZIPInputStream(new ByteArrayInputStream(packed)), length);
                default -> throw new IOException("it is compressed with " + codec + ", which is not read");
            };
            CheckedMessages.check(bytes.length == length, "a compressed page of another length than it says");
            return bytes;
        }

        private static byte[] snappy(byte[] packed, int length) throws IOException {
            CheckedMessages.check(
                    Snappy.uncompressedLength(packed) == length, "a compressed page of another length than it says");
            return Snappy.uncompress(packed);
        }

        private static byte[] read(InputStream in, int length) throws IOException {
            try (in) {
                return in.readNBytes(length);
            }
        }

        @Override
        public void release() {}
    }
}
