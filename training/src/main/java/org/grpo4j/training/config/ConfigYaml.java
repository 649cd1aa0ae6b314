package org.grpo4j.training.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a configuration back, every default filled in, so that a run can be repeated from its folder alone. */
public final class ConfigYaml {

    private static final ObjectMapper WRITER = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private ConfigYaml() {}

    /** YAML that {@link ConfigLoader} reads back to an equal record. */
    public static String write(Record config) {
        try {
            return WRITER.writeValueAsString(tree(config));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the configuration could not be written as YAML", e);
        }
    }

    /** The same as a tree, for provenance inside other JSON files. */
    public static JsonNode tree(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (value == null) {
            return nodes.nullNode();
        } else if (value instanceof JsonNode node) {
            return node;
        } else if (value instanceof Record section) {
            return section(section);
        } else if (value instanceof List<?> list) {
            ArrayNode array = nodes.arrayNode();
            list.forEach(entry -> array.add(tree(entry)));
            return array;
        } else if (value instanceof Map<?, ?> map) {
            ObjectNode object = nodes.objectNode();
            map.forEach((key, entry) -> object.set(String.valueOf(key), tree(entry)));
            return object;
        } else if (value instanceof Enum<?> constant) {
            return nodes.textNode(ConfigNames.value(constant));
        } else if (value instanceof Boolean flag) {
            return nodes.booleanNode(flag);
        } else if (value instanceof Double number) {
            return nodes.numberNode(number);
        } else if (value instanceof Integer || value instanceof Long) {
            return nodes.numberNode(((Number) value).longValue());
        } else if (value instanceof String || value instanceof Path) {
            return nodes.textNode(value.toString());
        }
        throw new IllegalStateException(
                "configuration records cannot hold a " + value.getClass().getName());
    }

    private static ObjectNode section(Record section) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        for (RecordComponent component : section.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                object.set(
                        ConfigNames.key(component), tree(component.getAccessor().invoke(section)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " could not be read", e);
            }
        }
        return object;
    }
}
