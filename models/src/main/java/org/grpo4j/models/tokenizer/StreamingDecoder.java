package org.grpo4j.models.tokenizer;

import java.util.Arrays;

/**
 * Decodes ids one by one for a reader who watches. Text is given out only when it can no longer change: a character
 * whose bytes are spread over several tokens appears when its last byte has come, never in half.
 */
public final class StreamingDecoder {

    private static final char REPLACEMENT = '\ufffd';

    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private int[] ids;
    private int length;
    /** Decoding starts here: far enough back that what depends on the token before comes out right. */
    private int start;
    /** The text of the ids before this one has been given out. */
    private int given;

    /** @param context ids before the first one to be given out, such as the prompt; its text is not given out */
    public StreamingDecoder(Tokenizer tokenizer, int[] context, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        ids = Arrays.copyOf(context, context.length + 64);
        length = context.length;
        given = length;
        start = Math.max(0, length - 4);
    }

    /** Takes the next id and returns the text that has become final, possibly none. */
    public String accept(int id) {
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, 2 * length);
        }
        ids[length++] = id;
        String text = pending();
        // A replacement character at the end may be the first bytes of a character still to come.
        if (text.isEmpty() || text.charAt(text.length() - 1) == REPLACEMENT) {
            return "";
        }
        start = given;
        given = length;
        return text;
    }

    /** The text held back so far; bytes that never became a character come out as U+FFFD. */
    public String finish() {
        String text = pending();
        start = given;
        given = length;
        return text;
    }

    private String pending() {
        String before = tokenizer.decode(Arrays.copyOfRange(ids, start, given), skipSpecialTokens);
        String all = tokenizer.decode(Arrays.copyOfRange(ids, start, length), skipSpecialTokens);
        return all.length() > before.length() ? all.substring(before.length()) : "";
    }
}
