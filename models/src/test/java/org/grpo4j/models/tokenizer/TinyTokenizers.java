package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
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
        byteLevel(root.putObject("pre_tokenizer"));
        byteLevel(root.putObject("decoder"));
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

    /**
     * A {@code tokenizer.json} with all parts of Llama's (three digits, start token, {@code ignore_merges}, a token that no
     * merges lead to) or Qwen's (one digit, NFC), and merges that compete with each other.
     */
    static ObjectNode pipeline(boolean llama) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ObjectNode model = root.putObject("model").put("type", "BPE").put("ignore_merges", llama);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocabulary.put(spelled(value), value);
        }
        ArrayNode merges = model.putArray("merges");
        List<String> words = List.of(
                "he", "th", "er", "the", "re", "ere", "there", " t", " the", "in", "ing", "12", "23", "123", "  ",
                "    ", "\n\n", "'s", "'ll", "aa", "aaa", "aaaa", "ab", "ba", "\u00e9", "\u2019", "\u2019s", "==", " =",
                "t\u00e9");
        for (String word : words) {
            String letters = spelled(word);
            for (int end = 2; end <= letters.length(); end++) {
                String joined = letters.substring(0, end);
                if (!vocabulary.has(joined)) {
                    vocabulary.put(joined, vocabulary.size());
                    String left = letters.substring(0, end - 1);
                    String right = letters.substring(end - 1, end);
                    if (llama) {
                        merges.addArray().add(left).add(right);
                    } else {
                        merges.add(left + " " + right);
                    }
                }
            }
        }
        vocabulary.put(spelled(" zebra"), vocabulary.size());
        if (!llama) {
            root.putObject("normalizer").put("type", "NFC");
        }
        preTokenizer(root, llama);
        byteLevel(root.putObject("decoder"));
        addToken(root, vocabulary.size(), "<|end|>", true);
        addToken(root, vocabulary.size() + 1, "<|end|>|", false);
        if (llama) {
            ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
            ArrayNode single = template.putArray("single");
            single.addObject().putObject("SpecialToken").put("id", "<|end|>").put("type_id", 0);
            single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
            template.set("pair", single.deepCopy());
            ObjectNode token = template.putObject("special_tokens").putObject("<|end|>");
            token.put("id", "<|end|>").putArray("ids").add(vocabulary.size());
            token.putArray("tokens").add("<|end|>");
        }
        return root;
    }

    private static void preTokenizer(ObjectNode root, boolean llama) {
        ObjectNode sequence = root.putObject("pre_tokenizer").put("type", "Sequence");
        ObjectNode split = sequence.putArray("pretokenizers").addObject();
        split.put("type", "Split").put("behavior", "Isolated").put("invert", false);
        split.putObject("pattern")
                .put(
                        "Regex",
                        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + (llama ? "{1,3}" : "")
                                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
        byteLevel(sequence.withArray("pretokenizers").addObject());
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static String spelled(String text) {
        StringBuilder letters = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            letters.append(spelled(value & 0xff));
        }
        return letters.toString();
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
