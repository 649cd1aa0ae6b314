package org.grpo4j.training.objective;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Strict JSON for this package: nothing unknown, nothing converted silently, every complaint one sentence. */
final class ObjectiveJson {

    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    private ObjectiveJson() {}

    static ObjectiveConfig override(ObjectiveConfig config, Map<String, ?> settings) {
        ObjectNode tree = MAPPER.valueToTree(config);
        settings.forEach((key, value) -> tree.set(key, MAPPER.valueToTree(value)));
        return read(tree, ObjectiveConfig.class);
    }

    /** @throws IllegalArgumentException with one readable sentence */
    static <T> T read(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JsonProcessingException complaint) {
            throw new IllegalArgumentException(sentence(complaint), complaint);
        }
    }

    static void requireKnownKeys(JsonNode object, Collection<String> known) {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(unknownKey(key, key, known));
            }
        });
    }

    private static String unknownKey(String path, String key, Collection<String> known) {
        return "unknown key \"" + path + "\"; did you mean \"" + nearest(key, known) + "\"?";
    }

    /** The known name with the fewest edits from a wrong one. */
    static String nearest(String wrong, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String name) -> distance(name, wrong))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }

    private static String sentence(JsonProcessingException complaint) {
        // What a record's constructor has thrown is a sentence already.
        for (Throwable cause = complaint.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        String where = complaint instanceof JsonMappingException mapping ? path(mapping) : "";
        if (complaint instanceof UnrecognizedPropertyException unknown) {
            List<String> known =
                    unknown.getKnownPropertyIds().stream().map(Object::toString).toList();
            return unknownKey(where, unknown.getPropertyName(), known);
        }
        if (complaint instanceof InvalidFormatException format
                && format.getTargetType().isEnum()) {
            String allowed = Arrays.stream(format.getTargetType().getEnumConstants())
                    .map(constant -> MAPPER.valueToTree(constant).asText())
                    .collect(Collectors.joining(", "));
            return where + " is \"" + format.getValue() + "\" but must be one of: " + allowed;
        }
        if (complaint instanceof MismatchedInputException mismatch && mismatch.getTargetType() != null) {
            return where + " does not have the expected form (" + kind(mismatch.getTargetType()) + "): "
                    + complaint.getOriginalMessage();
        }
        return (where.isEmpty() ? "" : where + ": ") + complaint.getOriginalMessage();
    }

    private static String path(JsonMappingException complaint) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : complaint.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }

    private static String kind(Class<?> type) {
        if (type.isArray()) {
            return type.getComponentType().isArray() ? "list of lists of numbers" : "list of numbers";
        }
        return type == String.class
                ? "text"
                : Number.class.isAssignableFrom(type) || type.isPrimitive() ? "number" : "object";
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
