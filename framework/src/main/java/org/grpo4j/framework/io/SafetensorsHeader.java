package org.grpo4j.framework.io;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;

/**
 * The header of a safetensors file, checked as the reference implementation checks it: every tensor lies in the file,
 * has as many bytes as its shape and type need, and the tensors fill the file without overlap or hole.
 *
 * @param tensors by name, in file order
 * @param metadata the strings under {@code __metadata__}
 */
record SafetensorsHeader(Map<String, TensorEntry> tensors, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

    /** What an array of ND4J can have. */
    private static final int MOST_DIMENSIONS = 32;

    private static final ObjectMapper JSON = new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    /**
     * @param json the bytes of the header without its length
     * @param dataBytes number of bytes in the file after the header
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) {
        JsonNode root = readObject(file, json);
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, TensorEntry> tensors = new LinkedHashMap<>();
        root.fields().forEachRemaining(field -> {
            if (field.getKey().equals(METADATA)) {
                field.getValue()
                        .fields()
                        .forEachRemaining(entry ->
                                metadata.put(entry.getKey(), entry.getValue().asText()));
            } else {
                tensors.put(field.getKey(), entry(file, field.getKey(), field.getValue()));
            }
        });
        requireTiling(file, tensors, dataBytes);
        return new SafetensorsHeader(Collections.unmodifiableMap(tensors), Collections.unmodifiableMap(metadata));
    }

    private static JsonNode readObject(Path file, byte[] json) {
        try {
            JsonNode root = JSON.readTree(json);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file + " is no safetensors file: its header is not valid JSON (" + e.getOriginalMessage() + ").",
                    e);
        } catch (IOException e) {
            throw new InputException(file + " is no safetensors file: its header cannot be read.", e);
        }
        throw new InputException(file + " is no safetensors file: its header is not a JSON object.");
    }

    private static TensorEntry entry(Path file, String name, JsonNode node) {
        JsonNode shape = node.path("shape");
        JsonNode offsets = node.path("data_offsets");
        if (!shape.isArray() || !offsets.isArray() || offsets.size() != 2) {
            throw problem(file, name, "has no proper dtype, shape and data_offsets in the header");
        }
        if (shape.size() > MOST_DIMENSIONS) {
            throw problem(file, name, "has " + shape.size() + " dimensions; at most " + MOST_DIMENSIONS + " are read");
        }
        String dtype = node.path("dtype").asText();
        TensorType type = TensorType.named(dtype)
                .orElseThrow(() -> problem(
                        file, name, "has dtype " + dtype + ", which is not supported; use " + TensorType.knownNames()));
        long[] dimensions = new long[shape.size()];
        for (int i = 0; i < dimensions.length; i++) {
            dimensions[i] = count(file, name, shape.get(i));
        }
        TensorEntry entry = new TensorEntry(
                name, type, dimensions, count(file, name, offsets.get(0)), count(file, name, offsets.get(1)));
        requireSize(file, entry);
        return entry;
    }

    private static long count(Path file, String name, JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw problem(file, name, "has " + node + " in its shape or data_offsets, where a count must stand");
        }
        return node.longValue();
    }

    private static void requireSize(Path file, TensorEntry entry) {
        long bytes = entry.type().bytes();
        try {
            for (long dimension : entry.shape()) {
                bytes = Math.multiplyExact(bytes, dimension);
            }
        } catch (ArithmeticException e) {
            throw problem(file, entry.name(), "has an impossible shape " + Arrays.toString(entry.shape()));
        }
        if (entry.end() < entry.begin() || entry.end() - entry.begin() != bytes) {
            throw problem(
                    file,
                    entry.name(),
                    "of type " + entry.type() + " and shape " + Arrays.toString(entry.shape()) + " needs " + bytes
                            + " bytes, but its data_offsets are [" + entry.begin() + ", " + entry.end() + "]");
        }
    }

    private static void requireTiling(Path file, Map<String, TensorEntry> tensors, long dataBytes) {
        List<TensorEntry> inOrder = tensors.values().stream()
                .sorted(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end))
                .toList();
        long position = 0;
        for (TensorEntry entry : inOrder) {
            if (entry.begin() != position) {
                String what = entry.begin() < position ? "overlaps the one before it" : "leaves a hole before it";
                throw problem(file, entry.name(), what + " (byte " + entry.begin() + " instead of " + position + ")");
            }
            if (entry.end() > dataBytes) {
                throw problem(
                        file,
                        entry.name(),
                        "ends at byte " + entry.end() + ", but the file holds only " + dataBytes
                                + " bytes of data: it is truncated, fetch it again");
            }
            position = entry.end();
        }
        if (position != dataBytes) {
            throw new InputException(file + " holds " + dataBytes + " bytes of data, but its tensors take only "
                    + position + "; it is damaged, fetch it again.");
        }
    }

    private static InputException problem(Path file, String tensor, String what) {
        return new InputException(file + ": tensor " + tensor + " " + what + ".");
    }
}
