package org.grpo4j.framework.io;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.grpo4j.framework.ParameterStore;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Writes safetensors files that Hugging Face reads, each in one piece or not at all. */
public final class SafetensorsWriter {

    private SafetensorsWriter() {}

    /** Writes all parameters of a store in their order, without metadata of its own. */
    public static void write(Path file, ParameterStore parameters, TensorType type) throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        parameters.names().forEach(name -> tensors.put(name, parameters.get(name)));
        write(file, tensors, type, Map.of());
    }

    /**
     * Writes tensors in the order of the map.
     *
     * @param tensors arrays of the types {@link TensorType#lossless} knows
     * @param type how all of them are stored; rounded to nearest even where it is narrower than the array
     * @param metadata strings for {@code __metadata__}, beside {@code "format": "pt"} which Hugging Face expects
     */
    public static void write(Path file, Map<String, INDArray> tensors, TensorType type, Map<String, String> metadata)
            throws IOException {
        write(file, tensors, name -> type, metadata);
    }

    /**
     * The same with a type for each tensor. Numbers go to the file through one buffer of a few megabytes.
     *
     * @param typeOf how the tensor of a name is stored: the very bits where that is the array's own type
     */
    public static void write(
            Path file, Map<String, INDArray> tensors, Function<String, TensorType> typeOf, Map<String, String> metadata)
            throws IOException {
        byte[] header = header(tensors, typeOf, metadata);
        AtomicFile.write(file, out -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            out.write(length.putLong(header.length).array());
            out.write(header);
            ByteBuffer buffer = ByteBuffer.allocate(ArrayMemory.WINDOW_ELEMENTS * Double.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (Map.Entry<String, INDArray> tensor : tensors.entrySet()) {
                writeNumbers(out, tensor.getValue(), typeOf.apply(tensor.getKey()), buffer);
            }
        });
    }

    private static byte[] header(
            Map<String, INDArray> tensors, Function<String, TensorType> typeOf, Map<String, String> metadata)
            throws IOException {
        Map<String, Object> header = new LinkedHashMap<>();
        Map<String, String> allMetadata = new LinkedHashMap<>();
        allMetadata.put("format", "pt");
        allMetadata.putAll(metadata);
        header.put(SafetensorsHeader.METADATA, allMetadata);
        long position = 0;
        for (Map.Entry<String, INDArray> entry : tensors.entrySet()) {
            INDArray tensor = entry.getValue();
            TensorType type = typeOf.apply(entry.getKey());
            long end = position + tensor.length() * type.bytes();
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("dtype", type.name());
            fields.put("shape", tensor.shape());
            fields.put("data_offsets", List.of(position, end));
            header.put(entry.getKey(), fields);
            position = end;
        }
        return padded(new ObjectMapper().writeValueAsBytes(header));
    }

    /** Spaces up to a multiple of eight bytes, so that the numbers can be mapped as they lie. */
    private static byte[] padded(byte[] json) {
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static void writeNumbers(OutputStream out, INDArray tensor, TensorType type, ByteBuffer buffer)
            throws IOException {
        if (tensor.ordering() == 'c' && Shape.hasDefaultStridesForShape(tensor) && tensor.offset() == 0) {
            writeContiguous(out, tensor, type, buffer);
            return;
        }
        try (INDArray copy = tensor.dup('c')) {
            writeContiguous(out, copy, type, buffer);
        }
    }

    private static void writeContiguous(OutputStream out, INDArray tensor, TensorType type, ByteBuffer buffer)
            throws IOException {
        ArrayMemory memory = ArrayMemory.toRead(tensor);
        long length = tensor.length();
        for (long first = 0; first < length; first += ArrayMemory.WINDOW_ELEMENTS) {
            int count = (int) Math.min(ArrayMemory.WINDOW_ELEMENTS, length - first);
            type.encode(memory.window(first, count), buffer.clear(), tensor.dataType(), count);
            out.write(buffer.array(), 0, buffer.position());
        }
    }
}
