package org.grpo4j.models.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.grpo4j.framework.InputException;

/** A {@code tokenizer.json}, run by Hugging Face's own library. Truncation and padding of the file are switched off. */
final class FastTokenizer implements Tokenizer {

    static final String TOKENIZER_FILE = "tokenizer.json";
    static final String CONFIG_FILE = "tokenizer_config.json";

    private static final List<String> FILES = List.of(
            TOKENIZER_FILE,
            CONFIG_FILE,
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json");

    static {
        // The library would look for updates and report its use over the network.
        setUnlessSet("ai.djl.offline", "true");
        setUnlessSet("OPT_OUT_TRACKING", "true");
        // On a machine with CUDA it would fetch another build of itself; the one in the jar serves all.
        setUnlessSet("RUST_FLAVOR", "cpu");
    }

    private final HuggingFaceTokenizer tokenizer;
    private final TokenVocabulary vocabulary;
    private final Map<String, byte[]> files;

    private FastTokenizer(HuggingFaceTokenizer tokenizer, TokenVocabulary vocabulary, Map<String, byte[]> files) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.files = files;
    }

    static FastTokenizer load(Path folder) {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String name : FILES) {
            Path file = folder.resolve(name);
            try {
                if (Files.isRegularFile(file)) {
                    files.put(name, Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new InputException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return of(files, folder.toString());
    }

    /** @param where the folder, for messages */
    static FastTokenizer of(Map<String, byte[]> files, String where) {
        byte[] json = files.get(TOKENIZER_FILE);
        if (json == null) {
            throw new InputException("There is no " + TOKENIZER_FILE + " in " + where
                    + "; other tokenizer formats must be converted to it first.");
        }
        TokenVocabulary vocabulary = TokenVocabulary.parse(json, files.get(CONFIG_FILE), where);
        Map<String, String> options = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
            return new FastTokenizer(tokenizer, vocabulary, Map.copyOf(files));
        } catch (IOException | RuntimeException e) {
            throw new InputException(
                    TOKENIZER_FILE + " in " + where + " is not understood by the tokenizer: " + e.getMessage(), e);
        }
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        long[] ids = tokenizer.encode(wellFormed(text), addSpecialTokens, false).getIds();
        int[] result = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            result[i] = (int) ids[i];
        }
        return result;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        long[] wide = new long[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0) {
                throw new IllegalArgumentException("Token id " + ids[i] + " at position " + i + " is negative.");
            }
            wide[i] = ids[i];
        }
        return tokenizer.decode(wide, skipSpecialTokens);
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public OptionalInt bosId() {
        return vocabulary.bosId();
    }

    @Override
    public OptionalInt eosId() {
        return vocabulary.eosId();
    }

    @Override
    public OptionalInt padId() {
        return vocabulary.padId();
    }

    @Override
    public OptionalInt idOf(String token) {
        return vocabulary.idOf(token);
    }

    @Override
    public Map<String, byte[]> files() {
        return files;
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    /** Half a surrogate pair is no character and the native side cannot take it; U+FFFD stands for such halves. */
    private static String wellFormed(String text) {
        if (text.codePoints().noneMatch(FastTokenizer::isLoneSurrogate)) {
            return text;
        }
        return text.codePoints()
                .map(c -> isLoneSurrogate(c) ? 0xfffd : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isLoneSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    private static void setUnlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
