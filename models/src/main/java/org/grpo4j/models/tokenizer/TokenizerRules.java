package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;

/**
 * What a {@code tokenizer.json} must not say. Hugging Face's library panics where it did not expect an input, and a panic
 * below the JVM ends the process. So what is known to make version 0.21 of it panic, at loading or at any later text, is
 * refused before the library sees it.
 */
final class TokenizerRules {

    /** The library's own limit is 128, and it panics there. */
    private static final int DEEPEST = 64;

    private static final long MOST_GROWTH = 64;

    /** Tokens are names here, and each is met once: keeping them for the next time takes three times as long. */
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

    private final String file;
    private final JsonParser parser;
    private final int size;
    /** How many times longer a text may become in the part that is being checked. */
    private long growth = 1;

    private boolean merges;
    private boolean prefix;

    private TokenizerRules(String where, int size, JsonParser parser) {
        this.size = size;
        this.file = FastTokenizer.TOKENIZER_FILE + " in " + where;
        this.parser = parser;
    }

    /**
     * @param size one more than the highest id of the vocabulary
     * @throws InputException if the library could panic, or put ids around a text that no model has; the message names the
     *     part
     */
    static void check(byte[] json, int size, String where) {
        try (JsonParser numbers = JSON.createParser(json);
                JsonParser parser = JSON.createParser(json)) {
            requireFinite(numbers, where);
            new TokenizerRules(where, size, parser).check();
        } catch (JsonProcessingException e) {
            throw new InputException(
                    FastTokenizer.TOKENIZER_FILE + " in " + where + " cannot be read: " + e.getOriginalMessage() + ".",
                    e);
        } catch (IOException e) {
            throw new InputException(
                    FastTokenizer.TOKENIZER_FILE + " in " + where + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** The library reads some parts twice, and takes it for certain that what it could read once are numbers. */
    private static void requireFinite(JsonParser parser, String where) throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_NUMBER_FLOAT && !Double.isFinite(parser.getDoubleValue())) {
                throw new InputException(FastTokenizer.TOKENIZER_FILE + " in " + where + " holds the number "
                        + parser.getText() + ", which is too large.");
            }
        }
    }

    private void check() throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "must hold one JSON object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("model") && value == JsonToken.START_OBJECT) {
                checkModel();
                continue;
            }
            JsonNode part = parser.readValueAsTree();
            switch (name) {
                case "normalizer", "pre_tokenizer", "decoder" -> {
                    growth = 1;
                    checkPart(name, part);
                }
                case "post_processor" -> checkPostProcessor(part);
                default -> {
                    // Added tokens are checked with the vocabulary; truncation and padding are switched off.
                }
            }
        }
        require(parser.nextToken() == null, "holds more than one JSON object");
        require(!merges || !prefix, "has merges and a continuing_subword_prefix, which is not supported");
    }

    /** Without a tree of the vocabulary and the merges, which are most of the file. */
    private void checkModel() throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("merges")) {
                merges |= value == JsonToken.START_ARRAY;
            }
            if (field.equals("continuing_subword_prefix")) {
                prefix |= value != JsonToken.VALUE_NULL && !parser.getText().isEmpty();
            }
            parser.skipChildren();
        }
    }

    /** A normalizer, pre-tokenizer or decoder, or a sequence of them. */
    private void checkPart(String place, JsonNode part) {
        if (part.isNull()) {
            return;
        }
        // Without a type the library tries all parts that it knows.
        require(part.path("type").isTextual(), "has a " + place + " without a type");
        String type = part.path("type").textValue();
        require(
                !type.equals("Precompiled"),
                "has the " + place + " Precompiled, a table of SentencePiece that is not supported; models of the"
                        + " supported families do without");
        require(
                part.path("stop").asLong(0) == 0 || !type.equals("Strip"),
                "has a " + place + " Strip with stop other than 0, which is not supported");
        JsonNode prepend = part.path("prepend");
        require(
                !prepend.isTextual()
                        || (!prepend.textValue().isEmpty()
                                && prepend.textValue().length() <= MOST_GROWTH),
                "has a " + place + " Prepend of nothing or of too much");
        checkPattern(place, type, part.path("pattern"));
        growth *= growth(type, part);
        require(
                growth <= MOST_GROWTH,
                "has a " + place + " that could make a text more than " + MOST_GROWTH + " times as long");
        for (JsonNode value : part) {
            for (JsonNode step : value.isArray() && type.equals("Sequence") ? value : JSON.missingNode()) {
                checkPart(place, step);
            }
        }
    }

    /** In characters, roughly: a byte becomes a letter of two, a letter may be decomposed into several. */
    private static long growth(String type, JsonNode part) {
        return switch (type) {
            case "Replace" -> Math.max(1, part.path("content").asText().length());
            case "ByteLevel" -> 2;
            case "NFKC", "NFKD", "BertNormalizer" -> 3;
            default -> 1;
        };
    }

    private void checkPattern(String place, String type, JsonNode pattern) {
        JsonNode literal = pattern.path("String");
        require(
                !literal.isTextual() || !literal.textValue().isEmpty(),
                "has a " + place + " " + type + " with an empty pattern");
        JsonNode regex = pattern.path("Regex");
        if (regex.isTextual()) {
            String fault = PatternRules.fault(regex.textValue(), type.equals("Replace"));
            require(
                    fault.isEmpty(),
                    "has a " + place + " " + type + " with the regular expression " + regex + ", which " + fault
                            + "; take the tokenizer of the model's original release");
        }
    }

    private void checkPostProcessor(JsonNode processor) {
        if (processor.isNull()) {
            return;
        }
        require(processor.path("type").isTextual(), "has a post_processor without a type");
        processor.path("processors").forEach(this::checkPostProcessor);
        for (String end : List.of("cls", "sep")) {
            checkIds(end, processor.path(end).path(1));
        }
        JsonNode specials = processor.path("special_tokens");
        for (Map.Entry<String, JsonNode> special : specials.properties()) {
            JsonNode token = special.getValue();
            require(
                    token.path("id").asText().equals(special.getKey())
                            && token.path("ids").size() == token.path("tokens").size(),
                    "has a post_processor whose special token " + special.getKey()
                            + " contradicts itself: its id must be its name, and it must have as many ids as tokens");
            token.path("ids").forEach(id -> checkIds(special.getKey(), id));
        }
        checkTemplate(processor.path("single"), specials, "A");
        checkTemplate(processor.path("pair"), specials, "AB");
    }

    /** A model would look such an id up behind the end of its embedding table. */
    private void checkIds(String token, JsonNode id) {
        boolean known = id.canConvertToInt() && id.intValue() >= 0 && id.intValue() < size;
        require(
                id.isMissingNode() || (id.isIntegralNumber() && known),
                "has a post_processor that adds " + token + " as the id " + id
                        + ", which its vocabulary does not have");
    }

    private void checkTemplate(JsonNode template, JsonNode specials, String sequences) {
        int texts = 0;
        for (JsonNode piece : template) {
            texts += piece.has("Sequence") ? 1 : 0;
            require(texts <= sequences.length(), "has a post_processor that repeats the text");
            JsonNode special = piece.path("SpecialToken").path("id");
            require(
                    special.isMissingNode() || specials.has(special.asText()),
                    "has a post_processor that adds " + special + ", which is not among its special_tokens");
            JsonNode sequence = piece.path("Sequence").path("id");
            require(
                    sequence.isMissingNode() || sequences.contains(sequence.asText()),
                    "has a post_processor whose template for one text asks for the sequence " + sequence);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InputException(file + " " + otherwise + ".");
        }
    }
}
