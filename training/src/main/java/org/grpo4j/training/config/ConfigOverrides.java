package org.grpo4j.training.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies {@code --set a.b=value}: the value is read as YAML, so {@code 3}, {@code true}, {@code null} and {@code [a, b]} have their types. */
final class ConfigOverrides {

    private ConfigOverrides() {}

    /** Changes {@code root} in place. Mappings on the way are created; a list entry is named by its index. */
    static void apply(ObjectNode root, String override) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw new ConfigException(
                    "--set " + override + ": expected a key, '=' and a value, such as training.steps=100");
        }
        String[] path = override.substring(0, equals).strip().split("\\.", -1);
        JsonNode value = parse(override, override.substring(equals + 1));
        JsonNode at = root;
        for (int i = 0; i < path.length - 1; i++) {
            at = descend(at, path[i], override);
        }
        put(at, path[path.length - 1], value, override);
    }

    private static JsonNode parse(String override, String text) {
        try {
            JsonNode value = ConfigText.YAML.readTree(text);
            return value == null || value.isMissingNode() ? ConfigText.YAML.nullNode() : value;
        } catch (JsonProcessingException e) {
            throw new ConfigException(
                    "--set " + override + ": the value is not valid YAML; quote it if it is a text", e);
        }
    }

    private static JsonNode descend(JsonNode at, String key, String override) {
        if (at instanceof ArrayNode list) {
            return list.get(index(list, key, override));
        }
        if (at instanceof ObjectNode object) {
            JsonNode child = object.get(key);
            return child == null || child.isNull() ? object.putObject(key) : child;
        }
        throw new ConfigException("--set " + override + ": " + key + " has nothing below it that could be set");
    }

    private static void put(JsonNode at, String key, JsonNode value, String override) {
        if (at instanceof ArrayNode list) {
            list.set(index(list, key, override), value);
        } else if (at instanceof ObjectNode object) {
            object.set(key, value);
        } else {
            throw new ConfigException("--set " + override + ": there is no key " + key + " below a plain value");
        }
    }

    private static int index(ArrayNode list, String key, String override) {
        boolean inside = key.matches("\\d{1,6}") && Integer.parseInt(key) < list.size();
        if (!inside) {
            throw new ConfigException(
                    "--set " + override + ": " + key + " is not an entry of a list of " + list.size());
        }
        return Integer.parseInt(key);
    }
}
