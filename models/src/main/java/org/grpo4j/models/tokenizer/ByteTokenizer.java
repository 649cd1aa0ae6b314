package org.grpo4j.models.tokenizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tokenizer that knows no language: one token a byte of UTF-8, with the special tokens of a family at their own
 * ids. It stands in where a model of a published shape is made without that model's vocabulary. An ordinary
 * {@code tokenizer.json}: byte-level BPE without a merge.
 */
public final class ByteTokenizer {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final int BYTES = 256;

    private static final Map<String, Integer> QWEN =
            ordered("<|endoftext|>", 151_643, "<|im_start|>", 151_644, "<|im_end|>", 151_645);

    private static final Map<String, Integer> LLAMA = ordered(
            "<|begin_of_text|>",
            128_000,
            "<|end_of_text|>",
            128_001,
            "<|start_header_id|>",
            128_006,
            "<|end_header_id|>",
            128_007,
            "<|eot_id|>",
            128_009);

    private static final String QWEN_CHAT = "{% for message in messages %}"
            + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
            + "{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private static final String LLAMA_CHAT = "{{ bos_token }}{% for message in messages %}"
            + "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim"
            + " + '<|eot_id|>' }}"
            + "{% endfor %}"
            + "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{% endif %}";

    private ByteTokenizer() {}

    /**
     * A stand-in for the tokenizer of a model: the special tokens its family needs for chats, at the ids they have there,
     * and a chat template of our own in the family's layout.
     *
     * @throws InputException if the vocabulary has no room for 256 bytes and two special tokens
     */
    public static Tokenizer of(DecoderConfig config) {
        boolean llama = config.family() == ModelFamily.LLAMA;
        Map<String, Integer> special = new LinkedHashMap<>();
        (llama ? LLAMA : QWEN).forEach((token, id) -> {
            if (id < config.vocabularySize()) {
                special.put(token, id);
            }
        });
        boolean chats = special.size() == (llama ? LLAMA : QWEN).size();
        int eosId = config.eosTokenIds().isEmpty()
                ? config.vocabularySize() - 1
                : config.eosTokenIds().get(config.eosTokenIds().size() - 1);
        String eos = nameOf(eosId, special, "<|eos|>");
        Integer bosId = config.bosTokenId();
        // Qwen's configurations name a start token that its tokenizer never puts in front of a text.
        String bos = bosId == null || !llama ? null : nameOf(bosId, special, "<|bos|>");
        if (BYTES + special.size() > config.vocabularySize()
                || special.values().stream().anyMatch(id -> id < 0 || id >= config.vocabularySize())) {
            throw new InputException("A vocabulary of " + config.vocabularySize() + " tokens with the special ids "
                    + special.values() + " has no room for the " + BYTES
                    + " bytes of the stand-in tokenizer; give a tokenizer with --tokenizer, or --no-tokenizer.");
        }
        return of(special, bos, eos, chats ? (llama ? LLAMA_CHAT : QWEN_CHAT) : null);
    }

    private static String nameOf(int id, Map<String, Integer> special, String otherwise) {
        for (Map.Entry<String, Integer> token : special.entrySet()) {
            if (token.getValue() == id) {
                return token.getKey();
            }
        }
        special.put(otherwise, id);
        return otherwise;
    }

    /**
     * A tokenizer whose bytes have the lowest ids that are free.
     *
     * @param special ids of special tokens by spelling
     * @param bos spelling of the token put in front of a text, or null
     * @param eos spelling of the token that ends a text
     * @param chatTemplate Jinja text, or null
     */
    public static Tokenizer of(
            Map<String, Integer> special, @Nullable String bos, String eos, @Nullable String chatTemplate) {
        ObjectNode root = JSON.createObjectNode().put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        special.forEach((content, id) -> added.add(addedToken(content, id)));
        root.putNull("normalizer");
        root.set("pre_tokenizer", byteLevel());
        if (bos == null) {
            root.set("post_processor", byteLevel());
        } else {
            root.set("post_processor", startWith(bos, special.getOrDefault(bos, 0)));
        }
        root.set("decoder", byteLevel());
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.putNull("unk_token");
        model.put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        int id = 0;
        for (int value = 0; value < BYTES; value++) {
            while (special.containsValue(id)) {
                id++;
            }
            vocabulary.put(Character.toString(shown(value)), id++);
        }
        // The library numbers added tokens by itself unless the vocabulary has them.
        special.forEach(vocabulary::put);
        model.putArray("merges");

        ObjectNode config = JSON.createObjectNode();
        config.put("bos_token", bos);
        config.put("chat_template", chatTemplate);
        config.put("clean_up_tokenization_spaces", false);
        config.put("eos_token", eos);
        config.put("pad_token", eos);
        config.put("tokenizer_class", "PreTrainedTokenizerFast");

        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put(FastTokenizer.TOKENIZER_FILE, bytes(root));
        files.put(FastTokenizer.CONFIG_FILE, bytes(config));
        return Tokenizer.of(files, "the byte tokenizer");
    }

    /** The letter that byte-level BPE writes for a byte: printable ones as they are, the others from U+0100 on. */
    private static char shown(int value) {
        if (isPrintable(value)) {
            return (char) value;
        }
        int before = 0;
        for (int other = 0; other < value; other++) {
            before += isPrintable(other) ? 0 : 1;
        }
        return (char) (BYTES + before);
    }

    private static boolean isPrintable(int value) {
        return (value >= '!' && value <= '~') || (value >= 0xa1 && value <= 0xff && value != 0xad);
    }

    private static ObjectNode addedToken(String content, int id) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("content", content)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }

    private static ObjectNode byteLevel() {
        return JSON.createObjectNode()
                .put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", false)
                .put("use_regex", false);
    }

    private static ObjectNode startWith(String token, int id) {
        ObjectNode root = JSON.createObjectNode().put("type", "TemplateProcessing");
        ArrayNode single = root.putArray("single");
        single.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        ArrayNode pair = root.putArray("pair");
        pair.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
        pair.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
        ObjectNode tokens = root.putObject("special_tokens");
        ObjectNode entry = tokens.putObject(token).put("id", token);
        entry.putArray("ids").add(id);
        entry.putArray("tokens").add(token);
        return root;
    }

    /** In the order given; {@code Map.of} would order differently in every JVM, and so would the file. */
    private static Map<String, Integer> ordered(Object... tokensAndIds) {
        Map<String, Integer> map = new LinkedHashMap<>();
        for (int i = 0; i < tokensAndIds.length; i += 2) {
            map.put((String) tokensAndIds[i], (Integer) tokensAndIds[i + 1]);
        }
        return Collections.unmodifiableMap(map);
    }

    private static byte[] bytes(ObjectNode tree) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of plain values is always JSON", e);
        }
    }
}
