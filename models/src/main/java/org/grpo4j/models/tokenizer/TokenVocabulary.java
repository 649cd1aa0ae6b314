package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/**
 * The ids that {@code tokenizer.json} gives its tokens, and which of them {@code tokenizer_config.json} names as start,
 * end and padding.
 */
record TokenVocabulary(Map<String, Integer> ids, int size, OptionalInt bosId, OptionalInt eosId, OptionalInt padId) {

    private static final int LONGEST_TOKEN = 2_000;
    private static final int SPARE_IDS = 1 << 20;

    /** Each token is a name that is met once, so that keeping it for the next time would only cost. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build());

    static TokenVocabulary parse(byte[] tokenizerJson, byte @Nullable [] configJson, String where) {
        Map<String, Integer> added = new HashMap<>();
        Map<String, Integer> ids = readIds(tokenizerJson, added, where);
        int size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        JsonNode config =
                configJson == null ? JSON.createObjectNode() : read(configJson, FastTokenizer.CONFIG_FILE, where);
        requireAdded(added, config.path("added_tokens_decoder"), where);
        return new TokenVocabulary(
                ids,
                size,
                named(ids, config, "bos_token", where),
                named(ids, config, "eos_token", where),
                named(ids, config, "pad_token", where));
    }

    OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** Reads token by token: a tree of the hundreds of thousands of merges would cost more than all the rest. */
    private static Map<String, Integer> readIds(byte[] tokenizerJson, Map<String, Integer> added, String where) {
        Map<String, Integer> ids = new HashMap<>();
        try (JsonParser parser = JSON.createParser(tokenizerJson)) {
            requireObject(parser.nextToken() == JsonToken.START_OBJECT, FastTokenizer.TOKENIZER_FILE, where);
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("added_tokens")) {
                    JsonNode tokens = parser.readValueAsTree();
                    for (JsonNode token : tokens) {
                        String content = token.path("content").asText();
                        requireShort(content, where);
                        requireId(token.path("id").isIntegralNumber(), content, token.path("id"), where);
                        added.put(content, id(token.path("id").longValue(), content, tokenizerJson, where));
                    }
                } else if (field.equals("model") && value == JsonToken.START_OBJECT) {
                    readModel(parser, ids, tokenizerJson, where);
                } else {
                    parser.skipChildren();
                }
            }
        } catch (IOException e) {
            throw notJson(FastTokenizer.TOKENIZER_FILE, where, e);
        }
        ids.putAll(added);
        return ids;
    }

    private static void readModel(JsonParser parser, Map<String, Integer> ids, byte[] tokenizerJson, String where)
            throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean vocabulary = parser.currentName().equals("vocab");
            JsonToken value = parser.nextToken();
            if (vocabulary && value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String token = parser.currentName();
                    requireShort(token, where);
                    boolean number = parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
                    requireId(number, token, parser.currentToken(), where);
                    ids.put(token, id(parser.getNumberValue().longValue(), token, tokenizerJson, where));
                }
            } else if (vocabulary && value == JsonToken.START_ARRAY) {
                // A unigram model lists [token, score]; the id is the position.
                JsonNode tokens = parser.readValueAsTree();
                for (int id = 0; id < tokens.size(); id++) {
                    requireShort(tokens.get(id).path(0).asText(), where);
                    ids.put(tokens.get(id).path(0).asText(), id);
                }
            } else {
                parser.skipChildren();
            }
        }
    }

    /** The tree that the library keeps tokens in is as deep as the longest, and is freed by recursion. */
    private static void requireShort(String token, String where) {
        if (token.length() > LONGEST_TOKEN) {
            throw new InputException(FastTokenizer.TOKENIZER_FILE + " in " + where + " holds a token of "
                    + token.length() + " characters; at most " + LONGEST_TOKEN + " are allowed.");
        }
    }

    private static void requireId(boolean isOne, String token, @Nullable Object found, String where) {
        if (!isOne) {
            throw new InputException(FastTokenizer.TOKENIZER_FILE + " in " + where + " gives the token \"" + token
                    + "\" the id " + found + "; ids are whole numbers from 0 on.");
        }
    }

    /** Ids size tables, so they must be numbers that the file could count up to, with room for some that are left out. */
    private static int id(long id, String token, byte[] tokenizerJson, String where) {
        long highest = SPARE_IDS + tokenizerJson.length;
        requireId(id >= 0, token, id, where);
        if (id > highest) {
            throw new InputException(FastTokenizer.TOKENIZER_FILE + " in " + where + " gives the token \"" + token
                    + "\" the id " + id + "; a file of " + tokenizerJson.length + " bytes has none above " + highest
                    + ".");
        }
        return (int) id;
    }

    /**
     * Hugging Face adds the tokens of {@code added_tokens_decoder} that {@code tokenizer.json} lacks when it loads a
     * folder. Leaving them out here would give other ids than it does, so such a folder is refused.
     */
    private static void requireAdded(Map<String, Integer> added, JsonNode decoder, String where) {
        for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
            String token = entry.getValue().path("content").asText();
            Integer id = added.get(token);
            if (id == null || !entry.getKey().equals(id.toString())) {
                throw new InputException(FastTokenizer.CONFIG_FILE + " in " + where + " adds "
                        + entry.getValue().path("content")
                        + " as token " + entry.getKey() + ", " + FastTokenizer.TOKENIZER_FILE
                        + (id == null ? " does not add it" : " as token " + id)
                        + ". Load the folder with transformers and save it again, so that both agree.");
            }
        }
    }

    private static OptionalInt named(Map<String, Integer> ids, JsonNode config, String field, String where) {
        JsonNode value = config.path(field);
        // Either the token itself or an object with its content and flags.
        JsonNode token = value.isObject() ? value.path("content") : value;
        if (!token.isTextual()) {
            return OptionalInt.empty();
        }
        Integer id = ids.get(token.textValue());
        if (id == null) {
            throw new InputException(FastTokenizer.CONFIG_FILE + " in " + where + " names " + token + " as " + field
                    + ", which " + FastTokenizer.TOKENIZER_FILE + " does not hold.");
        }
        return OptionalInt.of(id);
    }

    private static JsonNode read(byte[] json, String file, String where) {
        try {
            JsonNode root = JSON.readTree(json);
            requireObject(root != null && root.isObject(), file, where);
            return root;
        } catch (IOException e) {
            throw notJson(file, where, e);
        }
    }

    private static void requireObject(boolean isObject, String file, String where) {
        if (!isObject) {
            throw new InputException(file + " in " + where + " must hold one JSON object.");
        }
    }

    private static InputException notJson(String file, String where, IOException cause) {
        return new InputException(file + " in " + where + " is not valid JSON: " + reason(cause) + ".", cause);
    }

    /** The library's words without its account of where it read from, which is on a line of its own. */
    private static String reason(IOException cause) {
        return String.valueOf(
                cause instanceof JsonProcessingException json ? json.getOriginalMessage() : cause.getMessage());
    }
}
