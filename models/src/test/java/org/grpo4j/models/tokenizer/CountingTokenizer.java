package org.grpo4j.models.tokenizer;

import java.util.Map;
import java.util.OptionalInt;

/** Passes everything on and remembers how many ids were decoded at once. */
final class CountingTokenizer implements Tokenizer {

    private final Tokenizer tokenizer;
    private int longest;

    CountingTokenizer(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    int longest() {
        return longest;
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        return tokenizer.encode(text, addSpecialTokens);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        longest = Math.max(longest, ids.length);
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    @Override
    public int vocabularySize() {
        return tokenizer.vocabularySize();
    }

    @Override
    public OptionalInt bosId() {
        return tokenizer.bosId();
    }

    @Override
    public OptionalInt eosId() {
        return tokenizer.eosId();
    }

    @Override
    public OptionalInt padId() {
        return tokenizer.padId();
    }

    @Override
    public OptionalInt idOf(String token) {
        return tokenizer.idOf(token);
    }

    @Override
    public Map<String, byte[]> files() {
        return tokenizer.files();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
