package org.grpo4j.models.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.AtomicFile;

/** Turns text into token ids and back. May be used by several threads at once; close it after the last use. */
public interface Tokenizer extends AutoCloseable {

    /**
     * Loads the tokenizer of a Hugging Face folder.
     *
     * @throws InputException if there is no {@code tokenizer.json} or it is not understood
     */
    static Tokenizer load(Path folder) {
        return FastTokenizer.load(folder);
    }

    /**
     * Loads a tokenizer from files that have been read already.
     *
     * @param files by name; those of other purposes are ignored
     * @param where they come from, for messages
     * @throws InputException if there is no {@code tokenizer.json} or it is not understood
     */
    static Tokenizer of(Map<String, byte[]> files, String where) {
        return FastTokenizer.of(files, where);
    }

    /**
     * The ids of a text, never cut off or padded. Special tokens that are spelled out in the text become their ids in
     * any case.
     *
     * @param addSpecialTokens whether to add what the tokenizer puts around a text, such as the start token
     */
    int[] encode(String text, boolean addSpecialTokens);

    /**
     * The text of ids. Spaces are not cleaned up; ids beyond the vocabulary are left out; bytes that are no UTF-8 become
     * U+FFFD.
     *
     * @param skipSpecialTokens whether to leave out special tokens such as the end token
     */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** One more than the highest id. A model's embedding table may have more rows. */
    int vocabularySize();

    /** Id of the token that starts a text, if there is one. */
    OptionalInt bosId();

    /** Id of the token that ends a text, if there is one. */
    OptionalInt eosId();

    /** Id of the token that fills up rows, if there is one. */
    OptionalInt padId();

    /** Id of a token by its spelling in {@code tokenizer.json}, for instance {@code <|im_end|>}. */
    OptionalInt idOf(String token);

    /** The files of this tokenizer by name, to be put into a checkpoint folder. */
    Map<String, byte[]> files();

    /** Writes {@link #files()} to a folder. */
    default void save(Path folder) throws IOException {
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
            AtomicFile.write(folder.resolve(file.getKey()), out -> out.write(file.getValue()));
        }
    }

    @Override
    void close();
}
