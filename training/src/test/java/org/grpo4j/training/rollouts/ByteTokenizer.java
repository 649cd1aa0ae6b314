package org.grpo4j.training.rollouts;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import org.grpo4j.models.tokenizer.Tokenizer;

/** One token a byte, so that most characters are spread over several tokens, and one that ends a text. */
public final class ByteTokenizer implements Tokenizer {

    public static final int END = 256;

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int[] ids = new int[bytes.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = bytes[i] & 0xff;
        }
        return ids;
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int id : ids) {
            if (id < END) {
                bytes.write(id);
            } else if (!skipSpecialTokens) {
                bytes.writeBytes("</s>".getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public int vocabularySize() {
        return END + 1;
    }

    @Override
    public OptionalInt bosId() {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt eosId() {
        return OptionalInt.of(END);
    }

    @Override
    public OptionalInt padId() {
        return OptionalInt.empty();
    }

    @Override
    public OptionalInt idOf(String token) {
        return OptionalInt.empty();
    }

    @Override
    public Map<String, byte[]> files() {
        return Map.of();
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
