package org.grpo4j.training.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Plain values: numbers, texts, paths, switches and enum constants. */
final class ConfigValues {

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private ConfigValues() {}

    static Object plain(JsonNode node, Class<?> type, ConfigPlace place) {
        if (type == JsonNode.class) {
            return node;
        } else if (type == String.class) {
            return text(node, "a text", place);
        } else if (type == Path.class) {
            return path(node, place);
        } else if (type == int.class || type == Integer.class) {
            return (int) integer(node, Integer.MIN_VALUE, Integer.MAX_VALUE, place);
        } else if (type == long.class || type == Long.class) {
            return integer(node, Long.MIN_VALUE, Long.MAX_VALUE, place);
        } else if (type == double.class || type == Double.class) {
            return number(node, place);
        } else if (type == boolean.class || type == Boolean.class) {
            return flag(node, place);
        } else if (type.isEnum()) {
            return constant(node, type, place);
        }
        throw new IllegalStateException(place.path() + ": configuration records cannot hold a " + type.getName());
    }

    private static String text(JsonNode node, String wanted, ConfigPlace place) {
        if (node.isTextual()) {
            return node.textValue();
        }
        String quotes = node.isValueNode() ? "; put it in quotes if it is meant as text" : "";
        throw wrong(node, wanted, quotes, place);
    }

    private static Path path(JsonNode node, ConfigPlace place) {
        String text = text(node, "a path", place);
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw place.error(place.path() + " must be a path, found '" + text + "': " + e.getReason(), e);
        }
    }

    private static long integer(JsonNode node, long least, long most, ConfigPlace place) {
        if (!node.isIntegralNumber()) {
            throw wrong(node, "a whole number", "", place);
        }
        if (!node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            throw wrong(node, "a whole number from " + least + " to " + most, "", place);
        }
        return node.longValue();
    }

    /** YAML 1.1 takes {@code 1e-4} for a text, which nobody who writes a learning rate expects. */
    private static double number(JsonNode node, ConfigPlace place) {
        boolean written = node.isTextual() && NUMBER.matcher(node.textValue()).matches();
        double value =
                node.isNumber() ? node.doubleValue() : written ? Double.parseDouble(node.textValue()) : Double.NaN;
        if (!Double.isFinite(value)) {
            throw wrong(node, "a number", "", place);
        }
        return value;
    }

    private static boolean flag(JsonNode node, ConfigPlace place) {
        if (!node.isBoolean()) {
            throw wrong(node, "true or false", "", place);
        }
        return node.booleanValue();
    }

    private static Object constant(JsonNode node, Class<?> type, ConfigPlace place) {
        List<? extends Enum<?>> constants =
                Arrays.stream(type.getEnumConstants()).map(c -> (Enum<?>) c).toList();
        List<String> allowed = constants.stream().map(ConfigNames::value).toList();
        String found = node.isTextual() ? node.textValue() : node.asText();
        int index = allowed.indexOf(found);
        if (index < 0) {
            String hint = ConfigNames.nearest(found, allowed)
                    .map(near -> "; did you mean " + near + "?")
                    .orElse("");
            throw wrong(node, "one of " + String.join(", ", allowed), hint, place);
        }
        return constants.get(index);
    }

    private static ConfigException wrong(JsonNode node, String wanted, String hint, ConfigPlace place) {
        return place.error(place.path() + " must be " + wanted + ", found " + ConfigText.kind(node) + hint);
    }
}
