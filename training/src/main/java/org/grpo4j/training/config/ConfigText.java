package org.grpo4j.training.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parsed text of a configuration.
 *
 * @param root its top-level mapping
 * @param lines the line each key stands on, by full path
 */
record ConfigText(ObjectNode root, Map<String, Integer> lines) {

    static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Parses YAML (JSON is YAML too). An empty text is an empty mapping. */
    static ConfigText parse(String text, String source) {
        try {
            JsonNode root = YAML.readTree(text);
            if (root == null || root.isMissingNode() || root.isNull()) {
                return new ConfigText(YAML.createObjectNode(), Map.of());
            }
            if (!(root instanceof ObjectNode object)) {
                throw new ConfigException(source + ": expected keys and values at the top, found " + kind(root));
            }
            return new ConfigText(object, lines(text));
        } catch (JsonProcessingException e) {
            String where = e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr();
            String reason =
                    e.getOriginalMessage().lines().map(String::strip).reduce("", (a, b) -> (a + " " + b).strip());
            throw new ConfigException(source + where + ": not valid YAML: " + reason, e);
        } catch (IOException e) {
            throw new ConfigException(source + ": " + e.getMessage(), e);
        }
    }

    /** Parses one value that is part of the program and therefore valid. */
    static JsonNode value(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not a YAML value: " + yaml, e);
        }
    }

    /** What a node is, in the words of someone who writes YAML. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case STRING -> "the text '" + node.textValue() + "'";
            case NULL, MISSING -> "nothing";
            default -> node.asText();
        };
    }

    private static Map<String, Integer> lines(String text) throws IOException {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = YAML.getFactory().createParser(text)) {
            parser.nextToken();
            collect(parser, "", lines);
        }
        return lines;
    }

    /** Walks one value whose first token is current, and leaves the parser on its last token. */
    private static void collect(JsonParser parser, String path, Map<String, Integer> lines) throws IOException {
        lines.put(path, parser.currentTokenLocation().getLineNr());
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String child = join(path, parser.currentName());
                int line = parser.currentTokenLocation().getLineNr();
                parser.nextToken();
                collect(parser, child, lines);
                lines.put(child, line);
            }
        } else if (parser.currentToken() == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
                collect(parser, join(path, Integer.toString(i)), lines);
            }
        }
    }

    private static String join(String path, @Nullable String key) {
        return path.isEmpty() ? String.valueOf(key) : path + "." + key;
    }
}
