package org.grpo4j.models.tokenizer;

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

    static TokenVocabulary parse(byte[] tokenizerJson, byte @Nullable [] configJson, String where) {
        JsonNode root = read(tokenizerJson, FastTokenizer.TOKENIZER_FILE, where);
        Map<String, Integer> ids = new HashMap<>();
        JsonNode vocabulary = root.path("model").path("vocab");
        if (vocabulary.isArray()) {
            // A unigram model lists [token, score]; the id is the position.
            for (int id = 0; id < vocabulary.size(); id++) {
                ids.put(vocabulary.get(id).path(0).asText(), id);
            }
        } else {
            vocabulary
                    .fields()
                    .forEachRemaining(
                            token -> ids.put(token.getKey(), token.getValue().intValue()));
        }
        root.path("added_tokens")
                .forEach(token ->
                        ids.put(token.path("content").asText(), token.path("id").intValue()));
        int size = 1 + ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
        JsonNode config = configJson == null
                ? new ObjectMapper().createObjectNode()
                : read(configJson, FastTokenizer.CONFIG_FILE, where);
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
            JsonNode root = new ObjectMapper().readTree(json);
            if (root != null && root.isObject()) {
                return root;
            }
        } catch (IOException e) {
            throw new InputException(file + " in " + where + " is not valid JSON: " + e.getMessage(), e);
        }
        throw new InputException(file + " in " + where + " must hold one JSON object.");
    }
}
