package org.grpo4j.training.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;

/** {@code tokenizer.json} of every kind of model and with most of the parts that Hugging Face's library knows. */
final class TokenizerTarget implements FuzzTarget {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TEXT =
            "Natalia sold 48/2 = 24 clips in May.\n  na\u00efve caf\u00e9 \u6f22\u5b57 \ud83d\ude00 <s> aab "
                    + "a".repeat(600) + "!";

    private static final List<String> PIECES = List.of(
            "a",
            "b",
            ".",
            "[a-z]",
            "[^b]",
            "\\w",
            "\\s",
            "\\p{L}",
            "$",
            "^",
            "|",
            "(",
            "(?:",
            "(?i:",
            "(?=",
            "(?!",
            "(?<=",
            "(?>",
            "aa",
            "\\b",
            "[\\s\\S]");

    private static final List<String> REPETITIONS =
            List.of("*", "+", "?", "{2,}", "{1,3}", "{2}", "*?", "++", "{0,40}", "{900}");

    private static final String BYTE_FALLBACK = """
            {"version": "1.0",
             "truncation": {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 1},
             "padding": {"strategy": {"Fixed": 4}, "direction": "Right", "pad_to_multiple_of": 2, "pad_id": 0,
               "pad_type_id": 0, "pad_token": "<unk>"},
             "added_tokens": [
               {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true},
               {"id": 1, "content": "<s>", "single_word": true, "lstrip": true, "rstrip": true, "normalized": true, "special": true}],
             "normalizer": {"type": "Sequence", "normalizers": [
               {"type": "Prepend", "prepend": "\u2581"}, {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
               {"type": "NFKC"}, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Strip", "strip_left": true, "strip_right": true},
               {"type": "Replace", "pattern": {"Regex": "[0-9]+"}, "content": "9"}, {"type": "Nmt"}]},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {"Regex": "\\\\s+"}, "behavior": "MergedWithPrevious", "invert": false},
               {"type": "Digits", "individual_digits": true}, {"type": "Punctuation", "behavior": "Isolated"}]},
             "post_processor": {"type": "TemplateProcessing",
               "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
               "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
               "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
             "decoder": {"type": "Sequence", "decoders": [
               {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
               {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
             "model": {"type": "BPE", "dropout": null, "unk_token": "<unk>", "continuing_subword_prefix": null,
               "end_of_word_suffix": null, "fuse_unk": true, "byte_fallback": true, "ignore_merges": false,
               "vocab": {"<unk>": 0, "<s>": 1, "a": 2, "b": 3, "ab": 4, "\u2581": 5, "\u2581a": 6, "<0x0A>": 7, "<0xE6>": 8, "9": 9},
               "merges": ["a b", "\u2581 a"]}}
            """;

    private static final String UNIGRAM = """
            {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
             "normalizer": {"type": "Sequence", "normalizers": [
               {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null, "lowercase": true}]},
             "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
             "post_processor": {"type": "BertProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0]},
             "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
             "model": {"type": "Unigram", "unk_id": 2, "byte_fallback": false,
               "vocab": [["<s>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["\u2581", -1.5], ["a", -2.25], ["aa", -3.5], ["\u2581s", -4.0], ["old", -6.5]]}}
            """;

    private static final String UNIGRAM_PLAIN = """
            {"version": "1.0", "normalizer": {"type": "NFC"},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "UnicodeScripts"},
               {"type": "CharDelimiterSplit", "delimiter": "="}]},
             "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": true, "add_prefix_space": true},
             "decoder": {"type": "CTC", "pad_token": "<s>", "word_delimiter_token": "|", "cleanup": true},
             "model": {"type": "Unigram", "unk_id": 2, "byte_fallback": true,
               "vocab": [["<s>", 0.0], ["</s>", 0.0], ["<unk>", 0.0], ["a", -1.5], ["aab", -2.5], ["<0x41>", -9.0]]}}
            """;

    private static final String WORD_PIECE = """
            {"version": "1.0", "added_tokens": [
               {"id": 7, "content": "[SEP]", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}],
             "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": true, "lowercase": true},
             "pre_tokenizer": {"type": "BertPreTokenizer"},
             "post_processor": {"type": "Sequence", "processors": [{"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true}]},
             "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
             "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 20,
               "vocab": {"[UNK]": 0, "a": 1, "##a": 2, "##b": 3, "may": 4, "2": 5, "##4": 6}}}
            """;

    private static final String CONFIG = """
            {"bos_token": "<s>", "eos_token": {"content": "<unk>", "lstrip": false}, "pad_token": null, "unk_token": "<unk>",
             "added_tokens_decoder": {"0": {"content": "<unk>", "special": true}, "1": {"content": "<s>", "special": true}},
             "model_max_length": 1000000000000000019884624838656, "chat_template": "{{ messages }}"}
            """;

    @Override
    public String name() {
        return "tokenizer";
    }

    @Override
    public List<Map<String, byte[]>> seeds() throws IOException {
        try (Tokenizer characters = CharacterTokenizer.of("0123456789+-=ab ")) {
            return List.of(
                    ordered(characters.files()),
                    Map.of("tokenizer.json", byteLevel(true)),
                    Map.of("tokenizer.json", byteLevel(false)),
                    ordered(Map.of("tokenizer.json", bytes(BYTE_FALLBACK), "tokenizer_config.json", bytes(CONFIG))),
                    Map.of("tokenizer.json", bytes(BYTE_FALLBACK)),
                    Map.of("tokenizer.json", bytes(UNIGRAM)),
                    Map.of("tokenizer.json", bytes(UNIGRAM_PLAIN)),
                    Map.of("tokenizer.json", bytes(WORD_PIECE)));
        }
    }

    /** Byte-level BPE as Qwen's or Llama's, for which this project has a way of its own. */
    private static byte[] byteLevel(boolean llama) throws IOException {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        ArrayNode added = root.putArray("added_tokens");
        if (!llama) {
            root.putObject("normalizer").put("type", "NFC");
        }
        ArrayNode steps =
                root.putObject("pre_tokenizer").put("type", "Sequence").putArray("pretokenizers");
        ObjectNode split = steps.addObject()
                .put("type", "Split")
                .put("behavior", "Isolated")
                .put("invert", false);
        String digits = llama ? "{1,3}" : "";
        split.putObject("pattern")
                .put(
                        "Regex",
                        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}" + digits
                                + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+");
        bytes(steps.addObject());
        bytes(root.putObject("decoder"));
        bytes(root.putObject("post_processor"));
        ObjectNode model = root.putObject("model").put("type", "BPE").put("ignore_merges", llama);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int value = 0; value < 256; value++) {
            vocabulary.put(spelled(value), value);
        }
        vocabulary.put("aa", 256).put("aab", 257);
        model.putArray("merges").add("a a").add("aa b");
        added.addObject()
                .put("id", 258)
                .put("content", "<s>")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        return JSON.writeValueAsBytes(root);
    }

    private static void bytes(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    /** How byte-level vocabularies write a byte: visible ones of Latin-1 as they are, the others from U+0100 on. */
    private static String spelled(int value) {
        int hidden = 0;
        for (int other = 0; other < 256; other++) {
            boolean visible = (other >= '!' && other <= '~') || (other >= 0xa1 && other != 0xad);
            if (other == value) {
                return Character.toString(visible ? value : 256 + hidden);
            }
            hidden += visible ? 0 : 1;
        }
        throw new IllegalArgumentException("no byte: " + value);
    }

    @Override
    public byte[] mutate(String file, byte[] content, Random random) {
        if (random.nextInt(8) == 0) {
            String pattern = JSON.getNodeFactory().textNode(expression(random)).toString();
            String text = new String(content, StandardCharsets.UTF_8);
            return bytes(text.replaceFirst(
                    "\"Regex\"\\s*:\\s*\"([^\"\\\\]|\\\\.)*\"", Matcher.quoteReplacement("\"Regex\":" + pattern)));
        }
        return JsonMutator.mutate(content, random);
    }

    @Override
    public void load(Path folder) {
        try (Tokenizer tokenizer = Tokenizer.load(folder)) {
            int[] ids = tokenizer.encode(TEXT, true);
            tokenizer.encode("", true);
            tokenizer.decode(ids, true);
            tokenizer.decode(new int[] {0, 1, 2, 3, 300, Integer.MAX_VALUE}, false);
            if (tokenizer.vocabularySize() < 0) {
                throw new AssertionError("a vocabulary of " + tokenizer.vocabularySize());
            }
        }
    }

    /** Pieces of regular expressions in any order, so that some take for ever on a text that repeats itself. */
    private static String expression(Random random) {
        StringBuilder expression = new StringBuilder();
        int open = 0;
        for (int i = 1 + random.nextInt(10); i > 0; i--) {
            String piece = PIECES.get(random.nextInt(PIECES.size()));
            boolean opens = piece.startsWith("(");
            open += opens ? 1 : 0;
            expression.append(piece);
            if (!opens && open > 0 && random.nextInt(3) == 0) {
                expression.append(')');
                open--;
            }
            if (!opens && random.nextInt(2) == 0) {
                expression.append(REPETITIONS.get(random.nextInt(REPETITIONS.size())));
            }
        }
        return expression + ")".repeat(open);
    }

    private static Map<String, byte[]> ordered(Map<String, byte[]> files) {
        Map<String, byte[]> ordered = new LinkedHashMap<>();
        files.keySet().stream().sorted().forEach(name -> ordered.put(name, files.get(name)));
        return ordered;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
