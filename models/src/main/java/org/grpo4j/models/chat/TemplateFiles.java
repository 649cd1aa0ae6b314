package org.grpo4j.models.chat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;

/**
 * What the files of a checkpoint say about chat.
 *
 * @param templates by name; a single one is called {@code default}
 * @param specialTokens variables that transformers gives every template, such as {@code bos_token}
 */
record TemplateFiles(Map<String, String> templates, Map<String, JsonNode> specialTokens) {

    private static final String TEMPLATE = "chat_template.jinja";
    private static final String TEMPLATE_JSON = "chat_template.json";
    private static final String CONFIG = "tokenizer_config.json";

    static final List<String> NAMES = List.of(TEMPLATE, TEMPLATE_JSON, CONFIG);

    private static final List<String> TOKENS =
            List.of("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token");

    private static final ObjectMapper JSON = new ObjectMapper();

    static TemplateFiles read(Map<String, byte[]> contents, String where) {
        JsonNode config = json(contents, CONFIG, where);
        Map<String, String> templates = new LinkedHashMap<>();
        add(templates, config.path("chat_template"), CONFIG + " in " + where);
        // A file of its own wins: newer versions of transformers write one and leave what is in the config alone.
        add(templates, json(contents, TEMPLATE_JSON, where).path("chat_template"), TEMPLATE_JSON + " in " + where);
        byte[] template = contents.get(TEMPLATE);
        if (template != null) {
            templates.put("default", new String(template, StandardCharsets.UTF_8));
        }
        return new TemplateFiles(templates, specialTokens(config));
    }

    private static void add(Map<String, String> templates, JsonNode given, String file) {
        if (given.isTextual()) {
            templates.put("default", given.textValue());
            return;
        }
        for (JsonNode named : given) {
            if (!named.path("name").isTextual() || !named.path("template").isTextual()) {
                throw new InputException(
                        file + ": chat_template must be a text, or a list of objects with name and template");
            }
            templates.put(named.path("name").textValue(), named.path("template").textValue());
        }
    }

    private static Map<String, JsonNode> specialTokens(JsonNode config) {
        Map<String, JsonNode> tokens = new LinkedHashMap<>();
        for (String name : TOKENS) {
            JsonNode token = content(config.path(name));
            if (token.isTextual()) {
                tokens.put(name, token);
            }
        }
        JsonNode additional = config.path("additional_special_tokens");
        if (additional.isArray() && !additional.isEmpty()) {
            ArrayNode texts = JSON.createArrayNode();
            additional.forEach(
                    token -> texts.add(TextNode.valueOf(content(token).asText())));
            tokens.put("additional_special_tokens", texts);
        }
        return tokens;
    }

    /** A token is written as its text or as an object with its text and flags. */
    private static JsonNode content(JsonNode token) {
        return token.isObject() ? token.path("content") : token;
    }

    private static JsonNode json(Map<String, byte[]> contents, String name, String where) {
        byte[] json = contents.get(name);
        if (json == null) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InputException(name + " in " + where + " is not valid JSON: " + e.getOriginalMessage() + ".", e);
        } catch (IOException e) {
            throw new InputException(name + " in " + where + " is not valid JSON: " + e.getMessage(), e);
        }
    }
}
