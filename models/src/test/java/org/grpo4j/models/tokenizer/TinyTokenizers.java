package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Small tokenizers of the kinds that real models have, for tests that must not need a download. */
final class TinyTokenizers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private TinyTokenizers() {}

    /**
     * Byte-level BPE as Qwen's and Llama's: the token of byte b has the id b, tokens 256 to 259 hold pieces of characters
     * that a vocabulary learned from bytes may well hold, 260 is a special token and 261 an added one that is not special.
     */
    static Tokenizer byteLevel() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocabulary.put(spelled(value), value);
        }
        ArrayNode merges = model.putArray("merges");
        // Three bytes of 漢, two of 😀 and of é, and the end of one character with the beginning of the next.
        int[][] pairs = {{0xe6, 0xbc}, {0xf0, 0x9f}, {0xa9, 0x20}, {0xa2, 0xe6}};
        for (int[] pair : pairs) {
            vocabulary.put(spelled(pair[0]) + spelled(pair[1]), vocabulary.size());
            merges.add(spelled(pair[0]) + " " + spelled(pair[1]));
        }
        root.putObject("pre_tokenizer")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
        root.putObject("decoder")
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", false);
        addToken(root, 260, "<|end|>", true);
        addToken(root, 261, "<think>", false);
        return load(root);
    }

    /**
     * SentencePiece style as stories260K's: 0 to 2 special, ids 3 to 258 the bytes, then "▁" and some words. Its decoder
     * turns a whole run of bytes into replacement characters if one of them is wrong.
     */
    static Tokenizer byteFallback() {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode model = root.putObject("model")
                .put("type", "BPE")
                .put("unk_token", "<unk>")
                .put("byte_fallback", true);
        ObjectNode vocabulary = model.putObject("vocab");
        List.of("<unk>", "<s>", "</s>").forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (int value = 0; value < 256; value++) {
            vocabulary.put(String.format("<0x%02X>", value), vocabulary.size());
        }
        for (String token : List.of("\u2581", "a", "b", "\u2581a", "ab", "\ufffd", "\u00e9")) {
            vocabulary.put(token, vocabulary.size());
        }
        model.putArray("merges").add("\u2581 a").add("a b");
        ObjectNode normalizer = root.putObject("normalizer").put("type", "Sequence");
        ArrayNode normalizers = normalizer.putArray("normalizers");
        normalizers.addObject().put("type", "Prepend").put("prepend", "\u2581");
        replace(normalizers.addObject(), " ", "\u2581");
        ArrayNode decoders = root.putObject("decoder").put("type", "Sequence").putArray("decoders");
        replace(decoders.addObject(), "\u2581", " ");
        decoders.addObject().put("type", "ByteFallback");
        decoders.addObject().put("type", "Fuse");
        decoders.addObject()
                .put("type", "Strip")
                .put("content", " ")
                .put("start", 1)
                .put("stop", 0);
        List.of("<unk>", "<s>", "</s>")
                .forEach(token -> addToken(root, vocabulary.get(token).intValue(), token, true));
        return load(root);
    }

    /** The letter that byte-level vocabularies write for a byte: itself where it can be seen, else one from U+0100 on. */
    private static String spelled(int value) {
        if (isVisible(value)) {
            return Character.toString(value);
        }
        int hidden = 0;
        for (int before = 0; before < value; before++) {
            hidden += isVisible(before) ? 0 : 1;
        }
        return Character.toString(256 + hidden);
    }

    private static boolean isVisible(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xff && value != 0xad);
    }

    private static void replace(ObjectNode node, String pattern, String content) {
        node.put("type", "Replace").put("content", content);
        node.putObject("pattern").put("String", pattern);
    }

    private static void addToken(ObjectNode root, int id, String content, boolean special) {
        ObjectNode token = root.withArray("added_tokens").addObject();
        token.put("id", id).put("content", content);
        List.of("single_word", "lstrip", "rstrip", "normalized").forEach(flag -> token.put(flag, false));
        token.put("special", special);
    }

    private static Tokenizer load(ObjectNode root) {
        try {
            byte[] json = JSON.writeValueAsBytes(root.put("version", "1.0"));
            return FastTokenizer.of(Map.of(FastTokenizer.TOKENIZER_FILE, json), "a test");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
