package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A {@code tokenizer.json} that does what those of Qwen2, Qwen2.5, Qwen3 and Llama 3 do: cut out added tokens, perhaps
 * NFC, split by their expression, merge bytes, perhaps put tokens around. Anything that differs in any part is not
 * recognised.
 *
 * @param digits how many numbers stand in one piece
 * @param ignoreMerges whether a piece that is a token need not be reached by merging
 * @param added ids of the tokens that are cut out of the text
 */
record ByteLevelPipeline(int digits, boolean ignoreMerges, MergeTable merges, Map<String, Integer> added) {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String BEFORE_NUMBER = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}";
    private static final String AFTER_NUMBER = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    private static final Map<String, Integer> DIGITS =
            Map.of(BEFORE_NUMBER + AFTER_NUMBER, 1, BEFORE_NUMBER + "{1,3}" + AFTER_NUMBER, 3);

    /** Keys of a BPE model that must be absent, null, empty or false: other values change how it works. */
    private static final Set<String> UNUSED = Set.of(
            "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback");

    /** @param vocabulary all ids of the same file */
    static Optional<ByteLevelPipeline> recognise(byte[] json, Map<String, Integer> vocabulary) {
        for (int value = 0; value < 256; value++) {
            if (!vocabulary.containsKey(BytePieces.spelled(value))) {
                return Optional.empty();
            }
        }
        try (JsonParser parser = JSON.createParser(json)) {
            IdBuffer triples = new IdBuffer(1 << 16);
            Map<String, JsonNode> parts = parts(parser, vocabulary, triples);
            JsonNode model = parts.getOrDefault("model", JSON.missingNode());
            Optional<Integer> digits = digits(parts.getOrDefault("pre_tokenizer", JSON.missingNode()));
            Optional<Map<String, Integer>> added = added(parts.getOrDefault("added_tokens", JSON.missingNode()));
            if (digits.isEmpty()
                    || added.isEmpty()
                    || !isPlainBpe(model)
                    || !isNfcAtMost(parts.getOrDefault("normalizer", JSON.nullNode()))
                    || !putsConstantsAround(parts.getOrDefault("post_processor", JSON.nullNode()))) {
                return Optional.empty();
            }
            boolean ignoreMerges = model.path("ignore_merges").asBoolean();
            return Optional.of(
                    new ByteLevelPipeline(digits.get(), ignoreMerges, table(triples.toArray()), added.get()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The parts of the file, without the vocabulary, which is known, and the merges, which go to {@code triples}. */
    private static Map<String, JsonNode> parts(JsonParser parser, Map<String, Integer> vocabulary, IdBuffer triples)
            throws IOException {
        Map<String, JsonNode> parts = new HashMap<>();
        parser.nextToken();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            boolean isModel = name.equals("model") && value == JsonToken.START_OBJECT;
            parts.put(name, isModel ? model(parser, vocabulary, triples) : parser.readValueAsTree());
        }
        return parts;
    }

    private static JsonNode model(JsonParser parser, Map<String, Integer> vocabulary, IdBuffer triples)
            throws IOException {
        ObjectNode model = JSON.createObjectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("merges") && value == JsonToken.START_ARRAY) {
                readMerges(parser, vocabulary, triples);
            } else if (field.equals("vocab")) {
                parser.skipChildren();
            } else {
                model.set(field, parser.readValueAsTree());
            }
        }
        return model;
    }

    /** Merges are written {@code "a b"} or {@code ["a", "b"]}. */
    private static void readMerges(JsonParser parser, Map<String, Integer> vocabulary, IdBuffer triples)
            throws IOException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            String left;
            String right;
            if (parser.currentToken() == JsonToken.START_ARRAY) {
                left = parser.nextTextValue();
                right = parser.nextTextValue();
                parser.nextToken();
            } else {
                String both = parser.getText();
                int space = both.indexOf(' ');
                left = both.substring(0, Math.max(0, space));
                right = both.substring(space + 1);
            }
            for (String token : new String[] {left, right, left + right}) {
                Integer id = vocabulary.get(token);
                if (id == null) {
                    throw new IOException("merge of " + left + " and " + right + ", which are no tokens");
                }
                triples.add(id);
            }
        }
    }

    private static MergeTable table(int[] triples) {
        MergeTable table = new MergeTable(triples.length / 3);
        for (int i = 0; i < triples.length; i += 3) {
            table.put(triples[i], triples[i + 1], i / 3, triples[i + 2]);
        }
        return table;
    }

    private static boolean isPlainBpe(JsonNode model) {
        for (String key : UNUSED) {
            JsonNode value = model.path(key);
            boolean unused = value.isMissingNode()
                    || value.isNull()
                    || (value.isTextual() && value.textValue().isEmpty())
                    || (value.isBoolean() && !value.booleanValue());
            if (!unused) {
                return false;
            }
        }
        return model.path("type").asText().equals("BPE");
    }

    private static boolean isNfcAtMost(JsonNode normalizer) {
        return normalizer.isNull() || normalizer.path("type").asText().equals("NFC");
    }

    /** The regular expression, then bytes as they come. */
    private static Optional<Integer> digits(JsonNode preTokenizer) {
        JsonNode steps = preTokenizer.path("pretokenizers");
        JsonNode split = steps.path(0);
        JsonNode bytes = steps.path(1);
        boolean known = preTokenizer.path("type").asText().equals("Sequence")
                && steps.size() == 2
                && split.path("type").asText().equals("Split")
                && split.path("behavior").asText().equals("Isolated")
                && !split.path("invert").asBoolean(true)
                && bytes.path("type").asText().equals("ByteLevel")
                && !bytes.path("add_prefix_space").asBoolean(true)
                && !bytes.path("use_regex").asBoolean(true);
        return known
                ? Optional.ofNullable(
                        DIGITS.get(split.path("pattern").path("Regex").asText()))
                : Optional.empty();
    }

    private static boolean putsConstantsAround(JsonNode postProcessor) {
        String type = postProcessor.path("type").asText();
        if (type.equals("Sequence")) {
            for (JsonNode step : postProcessor.path("processors")) {
                if (!putsConstantsAround(step)) {
                    return false;
                }
            }
            return true;
        }
        return postProcessor.isNull() || type.equals("ByteLevel") || type.equals("TemplateProcessing");
    }

    private static Optional<Map<String, Integer>> added(JsonNode list) {
        Map<String, Integer> added = new HashMap<>();
        for (JsonNode token : list) {
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                if (token.path(flag).asBoolean(true)) {
                    return Optional.empty();
                }
            }
            String content = token.path("content").asText();
            if (content.isEmpty() || content.chars().anyMatch(ByteLevelPipeline::couldSpellAByte)) {
                return Optional.empty();
            }
            added.put(content, token.path("id").intValue());
        }
        return Optional.of(added);
    }

    /** An added token written like this could be taken for bytes that the vocabulary spells the same. */
    private static boolean couldSpellAByte(int character) {
        return character > 0x7f && character < 0x180;
    }
}
