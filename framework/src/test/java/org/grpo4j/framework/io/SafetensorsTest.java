package org.grpo4j.framework.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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

    @Test
    void anIndexLeadsToItsShards() throws IOException {
        SafetensorsWriter.write(folder.resolve("one.safetensors"), Map.of("a", Nd4j.ones(2)), TensorType.F32, Map.of());
        SafetensorsWriter.write(folder.resolve("two.safetensors"), Map.of("b", Nd4j.ones(3)), TensorType.F32, Map.of());
        index("{'a':'one.safetensors','b':'two.safetensors'}");
        try (SafetensorsFolder shards = SafetensorsFolder.open(folder)) {
            assertThat(shards.names()).containsExactly("a", "b");
            assertThat(shards.fileOf("b").read("b", DataType.FLOAT).length()).isEqualTo(3);
        }
        requireRefused("{'a':'two.safetensors'}", "does not hold it");
        requireRefused("{'a':'three.safetensors'}", "three.safetensors is missing");
        requireRefused("{'a':'../one.safetensors'}", "only plain file names");
        requireRefused("{'a':'/etc/passwd'}", "only plain file names");
        requireRefused("{'a':'..'}", "only plain file names");
        requireRefused("{}", "no weight_map");
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
}
