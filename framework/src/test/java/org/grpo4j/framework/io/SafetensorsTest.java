package org.grpo4j.framework.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void whatIsWrittenIsRead(TensorType type) throws IOException {
        // Multiples of 1/8 up to 8 are exact in every type.
        INDArray matrix = Nd4j.linspace(DataType.FLOAT, -7.5, 0.125, 120).reshape(10, 12);
        INDArray vector = Nd4j.createFromArray(1f, -2f, 0.5f);
        INDArray scalar = Nd4j.scalar(DataType.FLOAT, 3);
        Path file = folder.resolve("t.safetensors");
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("matrix", matrix);
        tensors.put("transposed", matrix.transpose());
        tensors.put("vector", vector);
        tensors.put("scalar", scalar);
        SafetensorsWriter.write(file, tensors, type, Map.of("step", "17"));

        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.tensors().keySet()).containsExactly("matrix", "transposed", "vector", "scalar");
            assertThat(read.metadata()).containsEntry("format", "pt").containsEntry("step", "17");
            assertThat(read.read("matrix", DataType.FLOAT)).isEqualTo(matrix);
            assertThat(read.read("transposed", DataType.FLOAT)).isEqualTo(matrix.transpose());
            assertThat(read.read("vector", DataType.DOUBLE)).isEqualTo(vector.castTo(DataType.DOUBLE));
            assertThat(read.read("scalar", DataType.FLOAT).getFloat(0)).isEqualTo(3);
        }
        long headerBytes = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertThat(headerBytes % 8).isZero();
    }

    @Test
    void arraysLargerThanAWindowKeepEveryBit() throws IOException {
        int length = 2 * ArrayMemory.WINDOW_ELEMENTS + 12345;
        float[] values = new float[length];
        Random random = new Random(5);
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        Path file = folder.resolve("large.safetensors");
        try (INDArray array = Nd4j.createFromArray(values)) {
            SafetensorsWriter.write(file, Map.of("w", array), TensorType.F32, Map.of());
        }
        try (SafetensorsFile read = SafetensorsFile.open(file);
                INDArray again = read.read("w", DataType.FLOAT);
                INDArray wide = read.read("w", DataType.DOUBLE)) {
            assertThat(again.toFloatVector()).isEqualTo(values);
            assertThat(wide.toFloatVector()).isEqualTo(values);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                                       | 7  | truncated",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}                                       | 9  | take only 8",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}}                                       | 8  | needs 12 bytes",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}}                                       | 8  | tensor a of type",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}}                                      | 8  | tensor a has -2",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,0]}}                   | 0  | impossible shape",
                "{'a':{'dtype':'I64','shape':[1],'data_offsets':[0,8]}}                                       | 8  | dtype I64",
                "{'a':{'dtype':'F32','shape':[2]}}                                                            | 8  | tensor a has no proper",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'b':{'dtype':'F32','shape':[1],'data_offsets':[8,12]}} | 12 | tensor b leaves a hole",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | 12 | tensor b overlaps",
                "{'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]},'a':{'dtype':'F32','shape':[1],'data_offsets':[0,4]}}  | 4  | not valid JSON",
                "[1,2]                                                                                        | 0  | not a JSON object",
                "{'a':                                                                                        | 0  | not valid JSON",
            })
    void refusesBrokenHeaders(String header, int dataBytes, String message) throws IOException {
        Path file = write(header.replace('\'', '"'), dataBytes);
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("broken.safetensors")
                .hasMessageContaining(message);
    }

    @Test
    void refusesFilesThatEndInTheHeaderOrBefore() throws IOException {
        Path whole = write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 0; length < bytes.length; length++) {
            Path cut = Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> SafetensorsFile.open(cut))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("cut.safetensors");
        }
        assertThatThrownBy(() -> SafetensorsFile.open(folder.resolve("none.safetensors")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no weight file");
    }

    @Test
    void refusesAWrongShapeAndAnUnknownName() throws IOException {
        Path file = write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8);
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThatThrownBy(() -> read.readInto("a", Nd4j.zeros(DataType.FLOAT, 3)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("[2]")
                    .hasMessageContaining("[3]");
            assertThatThrownBy(() -> read.read("b", DataType.FLOAT)).hasMessageContaining("no tensor b");
        }
    }

    /** Every pattern of 16 bits, NaN with all its payloads among them, in a file of the same type. */
    @ParameterizedTest
    @CsvSource({"BFLOAT16, BF16", "HALF, F16"})
    void narrowArraysKeepEveryBit(DataType dataType, TensorType type) throws IOException {
        Path file = folder.resolve("bits.safetensors");
        try (INDArray array = Nd4j.createUninitialized(dataType, new long[] {256, 256}, 'c')) {
            ByteBuffer memory = ArrayMemory.toWrite(array).window(0, 1 << 16);
            for (int bits = 0; bits < 1 << 16; bits++) {
                memory.putShort((short) bits);
            }
            SafetensorsWriter.write(file, Map.of("w", array), type, Map.of());
        }
        try (SafetensorsFile read = SafetensorsFile.open(file);
                INDArray again = read.read("w", dataType);
                INDArray wide = read.read("w", DataType.FLOAT)) {
            assertThat(read.typeOf("w")).isEqualTo(type);
            ByteBuffer memory = ArrayMemory.toRead(again).window(0, 1 << 16);
            for (int bits = 0; bits < 1 << 16; bits++) {
                assertThat(memory.getShort()).isEqualTo((short) bits);
                float expected = type == TensorType.BF16
                        ? SmallFloats.fromBfloat16((short) bits)
                        : SmallFloats.fromFloat16((short) bits);
                assertThat(Float.floatToRawIntBits(wide.data().getFloat(bits)))
                        .isEqualTo(Float.floatToRawIntBits(expected));
            }
            assertThat(read.holds("w", again)).isTrue();
            assertThat(read.holds("w", wide)).isTrue();
            ArrayMemory.toWrite(again).window(300, 1).putShort((short) 301);
            assertThat(read.holds("w", again)).isFalse();
        }
    }

    /** From any type to any array, rounding once; 1 + 2^-8 + 2^-40 is a tie of BF16 in FLOAT but not in DOUBLE. */
    @ParameterizedTest
    @CsvSource({"F64, BFLOAT16, 1.0078125", "F32, BFLOAT16, 1", "F64, HALF, 1.00390625", "BF16, HALF, 1.0078125"})
    void narrowArraysAreRoundedOnce(TensorType type, DataType dataType, float expected) throws IOException {
        Path file = folder.resolve("round.safetensors");
        double value = 1 + 0x1p-8 + 0x1p-40;
        SafetensorsWriter.write(file, Map.of("w", Nd4j.createFromArray(value, -value)), type, Map.of());
        try (SafetensorsFile read = SafetensorsFile.open(file);
                INDArray array = read.read("w", dataType)) {
            assertThat(array.dataType()).isEqualTo(dataType);
            assertThat(array.getFloat(0)).isEqualTo(expected);
            assertThat(array.getFloat(1)).isEqualTo(-expected);
        }
    }

    @Test
    void everyTensorMayHaveItsOwnType() throws IOException {
        Path file = folder.resolve("mixed.safetensors");
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("matrix", Nd4j.createFromArray(1f, -2.5f).castTo(DataType.BFLOAT16));
        tensors.put("gain", Nd4j.createFromArray(1.001f));
        SafetensorsWriter.write(
                file, tensors, name -> name.equals("gain") ? TensorType.F32 : TensorType.BF16, Map.of());
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.typeOf("matrix")).isEqualTo(TensorType.BF16);
            assertThat(read.typeOf("gain")).isEqualTo(TensorType.F32);
            assertThat(read.read("matrix", DataType.FLOAT).toFloatVector()).containsExactly(1f, -2.5f);
            assertThat(read.read("gain", DataType.FLOAT).toFloatVector()).containsExactly(1.001f);
        }
    }

    /** Nothing beside the arrays is taken from native memory, however many tensors are read. */
    @Test
    void readingTakesNoMoreThanTheArrays() throws IOException {
        Path file = folder.resolve("many.safetensors");
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            tensors.put("w" + i, Nd4j.createUninitialized(DataType.FLOAT, new long[] {512, 512}, 'c'));
        }
        SafetensorsWriter.write(file, tensors, TensorType.F32, Map.of());
        for (DataType dataType : new DataType[] {DataType.FLOAT, DataType.BFLOAT16}) {
            BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(pool -> pool.getName().equals("direct"))
                    .findFirst()
                    .orElseThrow();
            try (SafetensorsFile read = SafetensorsFile.open(file)) {
                read.read("w0", dataType).close();
                long before = direct.getTotalCapacity();
                for (String name : tensors.keySet()) {
                    read.read(name, dataType).close();
                }
                assertThat(direct.getTotalCapacity() - before).isLessThan(1 << 20);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors, version https://git-lfs.github.com/spec/v1, git lfs pull",
        "model.safetensors, GGUF3_________________________, GGUF",
        "model.safetensors, PK\u0003\u0004archive, PyTorch archive",
        "qwen2.5-q4_k_m.gguf, GGUF, safetensors release",
        "pytorch_model-00001-of-00002.bin, PK, safe_serialization",
        "adapter_model.safetensors, {}, LoRA adapter",
        "model-00001-of-00002.safetensors, {}, index.json is missing",
        "tf_model.h5, HDF, another framework",
        "notes.txt, hello, must be converted"
    })
    void saysWhatIsThereInsteadOfSafetensors(String name, String content, String message) throws IOException {
        Files.writeString(folder.resolve(name), content);
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anIndexLeadsToItsShards() throws IOException {
        SafetensorsWriter.write(folder.resolve("one.safetensors"), Map.of("a", Nd4j.ones(2)), TensorType.F32, Map.of());
        SafetensorsWriter.write(folder.resolve("two.safetensors"), Map.of("b", Nd4j.ones(3)), TensorType.F32, Map.of());
        index("{'a':'one.safetensors','b':'two.safetensors'}");
        try (SafetensorsFolder shards = SafetensorsFolder.open(folder)) {
            assertThat(shards.names()).containsExactly("a", "b");
            assertThat(shards.fileOf("b").read("b", DataType.FLOAT).length()).isEqualTo(3);
        }
        // The claimed total_size counts both tensors; nothing depends on it, so a wrong one is only warned of.
        index("{'a':'one.safetensors'}");
        try (SafetensorsFolder shards = SafetensorsFolder.open(folder)) {
            assertThat(shards.names()).containsExactly("a");
        }
        requireRefused("{'a':'two.safetensors'}", "does not hold it");
        requireRefused("{'a':'three.safetensors'}", "three.safetensors is missing");
        requireRefused("{'a':'../one.safetensors'}", "only plain file names");
        requireRefused("{'a':'/etc/passwd'}", "only plain file names");
        requireRefused("{'a':'..'}", "only plain file names");
        requireRefused("{}", "no weight_map");
        requireRefused("{'a':'one.safetensors','a':'one.safetensors'}", "Duplicate");
        Map<String, INDArray> both = new LinkedHashMap<>();
        both.put("a", Nd4j.ones(2));
        both.put("c", Nd4j.ones(2));
        SafetensorsWriter.write(folder.resolve("both.safetensors"), both, TensorType.F32, Map.of());
        requireRefused("{'a':'both.safetensors'}", "both.safetensors holds tensor c, which");
        requireRefused("{'a':'one.safetensors','c':'both.safetensors'}", "Tensor a is in two shards");
        Files.delete(folder.resolve(SafetensorsFolder.INDEX_FILE));
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no weights");
    }

    private void requireRefused(String weightMap, String message) throws IOException {
        index(weightMap);
        assertThatThrownBy(() -> SafetensorsFolder.open(folder))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    private void index(String weightMap) throws IOException {
        Files.writeString(
                folder.resolve(SafetensorsFolder.INDEX_FILE),
                "{\"metadata\":{\"total_size\":20},\"weight_map\":" + weightMap.replace('\'', '"') + "}");
    }

    private Path write(String header, int dataBytes) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file =
                ByteBuffer.allocate(Long.BYTES + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        return Files.write(folder.resolve("broken.safetensors"), file.array());
    }

    @Test
    void refusesMoreDimensionsThanAnArrayCanHave() throws IOException {
        String ones = "1,".repeat(32) + "1";
        Path file = folder.resolve("deep.safetensors");
        byte[] header = ("{\"x\":{\"dtype\":\"F32\",\"shape\":[" + ones + "],\"data_offsets\":[0,4]}}")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + header.length + 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .array());
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tensor x has 33 dimensions");
    }

    @Test
    void aSmallTensorTakesASmallBuffer() throws IOException {
        Path file = folder.resolve("small.safetensors");
        SafetensorsWriter.write(file, Map.of("x", Nd4j.ones(DataType.FLOAT, 100)), TensorType.BF16, Map.of());
        BufferPoolMXBean direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            long before = direct.getTotalCapacity();
            open.read("x", DataType.FLOAT).close();
            assertThat(direct.getTotalCapacity() - before).isLessThan(1 << 16);
        }
    }
}
