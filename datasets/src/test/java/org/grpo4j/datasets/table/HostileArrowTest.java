package org.grpo4j.datasets.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorOutputStream;
import org.grpo4j.datasets.DatasetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrow that is well formed by its flatbuffers and asks for what is not there. */
class HostileArrowTest {

    @TempDir
    Path folder;

    @Test
    void bytesOutsideOfTheirBufferAreRefused() throws IOException {
        Path file = folder.resolve("binary.arrow");
        try (BufferAllocator allocator = new RootAllocator();
                VarBinaryVector bytes = new VarBinaryVector("bytes", allocator)) {
            bytes.setSafe(0, new byte[] {1, 2, 3});
            bytes.setValueCount(1);
            VectorSchemaRoot root = VectorSchemaRoot.of(bytes);
            write(file, root);
            assertThat(ContainersTest.rows(Table.open(file)).get(0)).containsEntry("bytes", "AQID");
            for (int end : new int[] {-1, 4_000, Integer.MAX_VALUE}) {
                byte[] whole = Files.readAllBytes(file);
                Files.write(file, withOffset(whole, 3, end));
                assertThatThrownBy(() -> ContainersTest.rows(Table.open(file)))
                        .isInstanceOf(DatasetException.class)
                        .hasMessageContaining("outside of its buffer");
                Files.write(file, whole);
            }
        }
    }

    /** The last pair of offsets (0, old) becomes (0, changed). */
    private static byte[] withOffset(byte[] stream, int old, int changed) {
        for (int at = stream.length - 8; at >= 0; at -= 4) {
            if (number(stream, at) == 0 && number(stream, at + 4) == old) {
                byte[] result = stream.clone();
                for (int i = 0; i < 4; i++) {
                    result[at + 4 + i] = (byte) (changed >> 8 * i);
                }
                return result;
            }
        }
        throw new IllegalStateException("there are no such offsets");
    }

    private static int number(byte[] bytes, int at) {
        return bytes[at] & 0xff | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }

    private static void write(Path file, VectorSchemaRoot root) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        root.setRowCount(1);
        try (ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(out))) {
            writer.start();
            writer.writeBatch();
            writer.end();
        }
        Files.write(file, out.toByteArray());
    }

    @Test
    void aColumnWithoutANameIsRefused() throws IOException {
        Path file = folder.resolve("nameless.arrow");
        FieldType type = FieldType.nullable(new ArrowType.Int(32, true));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root =
                        VectorSchemaRoot.create(new Schema(List.of(new Field(null, type, null))), allocator)) {
            root.allocateNew();
            write(file, root);
        }
        assertThatThrownBy(() -> Table.open(file))
                .isInstanceOf(DatasetException.class)
                .hasMessageContaining("without a name");
    }

    /** A column of nulls needs no bytes in the file, but a bit a row in memory: 200 of them would take 26 MB for 20 kB. */
    @Test
    void columnsOfNothingAreBoundedTogether() throws IOException {
        int columns = 200;
        int rows = 1 << 20;
        Path file = folder.resolve("nothing.arrow");
        FieldType type = FieldType.nullable(new ArrowType.Int(32, true));
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            fields.add(new Field("c" + i, type, null));
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (BufferAllocator allocator = new RootAllocator();
                ArrowRecordBatch batch = new ArrowRecordBatch(
                        rows,
                        Collections.nCopies(columns, new ArrowFieldNode(rows, rows)),
                        Collections.nCopies(2 * columns, allocator.getEmpty()))) {
            WriteChannel channel = new WriteChannel(Channels.newChannel(out));
            MessageSerializer.serialize(channel, new Schema(fields));
            MessageSerializer.serialize(channel, batch);
            channel.writeIntLittleEndian(MessageSerializer.IPC_CONTINUATION_TOKEN);
            channel.writeIntLittleEndian(0);
        }
        Files.write(file, out.toByteArray());
        long before = residentBytes();
        // Four megabytes are granted each time, and Arrow loses them when it comes to the fifth.
        for (int i = 0; i < 60; i++) {
            assertThatThrownBy(() -> ContainersTest.rows(Table.open(file)))
                    .isInstanceOf(DatasetException.class)
                    .hasMessageContaining("more memory than its size can explain");
        }
        assertThat(residentBytes() - before).isLessThan(120L << 20);
    }

    /** 0 where the system does not tell. */
    private static long residentBytes() throws IOException {
        Path pages = Path.of("/proc/self/statm");
        return Files.exists(pages)
                ? 4096 * Long.parseLong(Files.readString(pages).split(" ")[1])
                : 0;
    }

    @Test
    void lz4UnfoldsToWhatItClaimsAndNoFurther() throws IOException {
        byte[] plain = new byte[3_000];
        new Random(3).nextBytes(plain);
        Arrays.fill(plain, 100, 2_900, (byte) 7);
        assertThat(unfolded(plain, plain.length)).isEqualTo(plain);
        assertThatThrownBy(() -> unfolded(plain, 10)).hasMessageContaining("more than the 10 bytes");
        assertThatThrownBy(() -> unfolded(plain, 4_000)).hasMessageContaining("to 3000 bytes and claims 4000");
    }

    private static byte[] unfolded(byte[] plain, long claimed) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FramedLZ4CompressorOutputStream lz4 = new FramedLZ4CompressorOutputStream(out)) {
            lz4.write(plain);
        }
        try (BufferAllocator allocator = new RootAllocator()) {
            ArrowBuf compressed = allocator.buffer(Long.BYTES + out.size());
            compressed.writeLong(claimed);
            compressed.writeBytes(out.toByteArray());
            try (ArrowBuf result =
                    BoundedCodecs.INSTANCE.createCodec(CodecType.LZ4_FRAME).decompress(allocator, compressed)) {
                byte[] bytes = new byte[(int) claimed];
                result.getBytes(0, bytes);
                return bytes;
            } catch (RuntimeException e) {
                compressed.close();
                throw e;
            }
        }
    }

    @Test
    void messagesAreOneLineOfBoundedLength() {
        String message = new DatasetException("line 1\nof \u001b\u202e" + "y".repeat(5_000) + "; mend it").getMessage();
        assertThat(message)
                .hasSizeLessThan(1_000)
                .startsWith("line 1 of \\u001b\\u202eyy")
                .endsWith("; mend it");
    }
}
