package org.grpo4j.models.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.grpo4j.framework.InputException;

/** A {@code tokenizer.json} and the files beside it, run by Hugging Face's own library, plain text by a faster way. */
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

    private final NativeTokenizer tokenizer;
    private final Optional<ByteLevelEncoder> plainText;
    private final TokenVocabulary vocabulary;
    private final Map<String, byte[]> files;
    private final String where;

    private FastTokenizer(
            NativeTokenizer tokenizer,
            Optional<ByteLevelEncoder> plainText,
            TokenVocabulary vocabulary,
            Map<String, byte[]> files,
            String where) {
        this.where = where;
        this.tokenizer = tokenizer;
        this.plainText = plainText;
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
        TokenizerRules.check(json, vocabulary.size(), where);
        try {
            NativeTokenizer tokenizer = new NativeTokenizer(json);
            Optional<ByteLevelEncoder> plainText = ByteLevelEncoder.of(json, vocabulary, tokenizer);
            Map<String, byte[]> own = new LinkedHashMap<>(files);
            own.keySet().retainAll(FILES);
            return new FastTokenizer(tokenizer, plainText, vocabulary, Collections.unmodifiableMap(own), where);
        } catch (IOException | RuntimeException e) {
            throw new InputException(
                    TOKENIZER_FILE + " in " + where + " is not understood by the tokenizer: " + e.getMessage(), e);
        }
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        tokenizer.requireOpen();
        int[] ids = plainText.isPresent() ? plainText.get().encode(text, addSpecialTokens) : null;
        return ids != null ? ids : library(() -> tokenizer.encode(text, addSpecialTokens));
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
        return library(() -> tokenizer.decode(wide, skipSpecialTokens));
    }

    /** The library finds out only at the text that needs it what a vocabulary lacks, such as its token for the unknown. */
    private <T> T library(Supplier<T> call) {
        tokenizer.requireOpen();
        try {
            return call.get();
        } catch (IllegalStateException closed) {
            throw closed;
        } catch (RuntimeException e) {
            throw new InputException(
                    TOKENIZER_FILE + " in " + where + " cannot be used for this text: " + e.getMessage()
                            + "; take the tokenizer of the model's original release.",
                    e);
        }
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
}
