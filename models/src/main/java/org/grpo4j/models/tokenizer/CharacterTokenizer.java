package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the tokenizer of a tiny policy: one token a character. It is an ordinary {@code tokenizer.json} (a word-level
 * model over a split at every character), so it is saved, loaded and run like any other.
 *
 * <p>Ids: 0 {@code <pad>}, 1 {@code <s>}, 2 {@code </s>}, 3 {@code <unk>}, then the characters in the order given. A
 * character that is not among them becomes {@code <unk>}.
 */
public final class CharacterTokenizer {

    public static final String PAD = "<pad>";
    public static final String BOS = "<s>";
    public static final String EOS = "</s>";
    public static final String UNKNOWN = "<unk>";

    private static final List<String> SPECIAL = List.of(PAD, BOS, EOS, UNKNOWN);

    private CharacterTokenizer() {}

    /**
     * @param characters every character of the vocabulary once; repetitions are ignored
     * @throws IllegalArgumentException if there are none
     */
    public static Tokenizer of(String characters) {
        int[] codePoints = characters.codePoints().distinct().toArray();
        if (codePoints.length == 0) {
            throw new IllegalArgumentException("A character tokenizer needs at least one character.");
        }
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        SPECIAL.forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (int codePoint : codePoints) {
            vocabulary.put(Character.toString(codePoint), vocabulary.size());
        }
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(FastTokenizer.TOKENIZER_FILE, json(tokenizer(vocabulary)));
        files.put(FastTokenizer.CONFIG_FILE, json(config()));
        return FastTokenizer.of(files, "the character tokenizer");
    }

    private static Map<String, @Nullable Object> tokenizer(Map<String, Integer> vocabulary) {
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("version", "1.0");
        root.put("truncation", null);
        root.put("padding", null);
        root.put("added_tokens", addedTokens());
        root.put("normalizer", null);
        // [\s\S] is any character in every regex dialect, line breaks included.
        root.put(
                "pre_tokenizer",
                ordered(
                        "type",
                        "Split",
                        "pattern",
                        Map.of("Regex", "[\\s\\S]"),
                        "behavior",
                        "Isolated",
                        "invert",
                        false));
        root.put("post_processor", startTokenFirst());
        root.put("decoder", Map.of("type", "Fuse"));
        root.put("model", ordered("type", "WordLevel", "vocab", vocabulary, "unk_token", UNKNOWN));
        return root;
    }

    private static List<Map<String, Object>> addedTokens() {
        List<Map<String, Object>> tokens = new ArrayList<>();
        for (String token : SPECIAL) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("id", tokens.size());
            fields.put("content", token);
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                fields.put(flag, false);
            }
            fields.put("special", true);
            tokens.add(fields);
        }
        return tokens;
    }

    private static Map<String, Object> startTokenFirst() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("type", "TemplateProcessing");
        root.put("single", List.of(special(0), sequence("A", 0)));
        root.put("pair", List.of(special(0), sequence("A", 0), special(1), sequence("B", 1)));
        root.put(
                "special_tokens",
                Map.of(BOS, ordered("id", BOS, "ids", List.of(SPECIAL.indexOf(BOS)), "tokens", List.of(BOS))));
        return root;
    }

    private static Map<String, Object> special(int typeId) {
        return Map.of("SpecialToken", ordered("id", BOS, "type_id", typeId));
    }

    private static Map<String, Object> sequence(String id, int typeId) {
        return Map.of("Sequence", ordered("id", id, "type_id", typeId));
    }

    private static Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("bos_token", BOS);
        config.put("eos_token", EOS);
        config.put("pad_token", PAD);
        config.put("unk_token", UNKNOWN);
        config.put("clean_up_tokenization_spaces", false);
        return config;
    }

    /** A map in the order given; {@code Map.of} would order differently in every JVM, and so would the file. */
    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static byte[] json(Map<String, ? extends @Nullable Object> tree) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }
}
