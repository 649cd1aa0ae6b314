package org.grpo4j.models.tokenizer;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Decodes ids one by one for a reader who watches. Text is given out only when it can no longer change: a character
 * whose bytes are spread over several tokens appears when its last byte has come, never in half. All that is given out,
 * with what {@link #finish} returns, is what {@link Tokenizer#decode} makes of all the ids at once.
 *
 * <p>Decoding looks at the last few ids only, so a token costs the same however long the text has become. Not for use by
 * several threads at once.
 */
public final class StreamingDecoder {

    private static final char REPLACEMENT = '\ufffd';

    /**
     * Ids kept before the next one. A token that leaves text is a byte at least and a character four bytes at most, so
     * decoding from here gives the same characters at the end as decoding from the beginning.
     */
    private static final int CONTEXT = 8;

    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final Set<Integer> byteIds;
    /** The last ids; the text of the ids before them has been given out. */
    private int[] window;

    private int length;
    /** Characters of the window's text that have been given out. */
    private int given;

    /**
     * @param context ids before the first one to be given out, such as the prompt; its text is not given out, but a
     *     character that begins in it and ends later is
     */
    public StreamingDecoder(Tokenizer tokenizer, int[] context, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        byteIds = byteIds(tokenizer);
        window = endOf(context);
        length = window.length;
        String text = text();
        boolean inBytes = length > 0 && byteIds.contains(window[length - 1]);
        given = inBytes ? withoutReplacements(text) : finalLength(text);
    }

    /** Takes the next id and returns the text that has become final, possibly none. */
    public String accept(int id) {
        boolean isByte = byteIds.contains(id);
        if (!isByte && leavesNoText(id)) {
            return "";
        }
        append(id);
        if (isByte) {
            // The whole run becomes U+FFFD if its end is broken, so it is not final before something else follows.
            return "";
        }
        String text = text();
        int end = finalLength(text);
        String piece = text.substring(Math.min(given, end), end);
        given = Math.max(given, end);
        if (length > 2 * CONTEXT) {
            forgetAllBut(CONTEXT, text.length() - given);
        }
        return piece;
    }

    /** The text held back so far; bytes that never became a character come out as U+FFFD. */
    public String finish() {
        String text = text();
        String piece = text.substring(Math.min(given, text.length()));
        given = Math.max(given, text.length());
        return piece;
    }

    /** A replacement character at the end may be the first bytes of a character still to come; one before it is real. */
    private static int finalLength(String text) {
        int length = text.length();
        return length > 0 && text.charAt(length - 1) == REPLACEMENT ? length - 1 : length;
    }

    private static int withoutReplacements(String text) {
        int length = text.length();
        while (length > 0 && text.charAt(length - 1) == REPLACEMENT) {
            length--;
        }
        return length;
    }

    /** Twice, because some decoders take a space off the beginning. */
    private boolean leavesNoText(int id) {
        return tokenizer.decode(new int[] {id, id}, skipSpecialTokens).isEmpty();
    }

    /** The last ids that leave text, as many as are needed, or more because a run of byte tokens must not be cut. */
    private int[] endOf(int[] context) {
        int[] end = new int[context.length];
        int start = end.length;
        for (int i = context.length - 1; i >= 0; i--) {
            boolean isByte = byteIds.contains(context[i]);
            if (end.length - start >= CONTEXT && !isByte) {
                break;
            }
            if (isByte || !leavesNoText(context[i])) {
                end[--start] = context[i];
            }
        }
        return Arrays.copyOfRange(end, start, end.length);
    }

    private void append(int id) {
        if (length == window.length) {
            window = Arrays.copyOf(window, 2 * (length + CONTEXT));
        }
        window[length++] = id;
    }

    /** Text is counted from its end, because it may begin with half a character or without its space. */
    private void forgetAllBut(int kept, int pending) {
        System.arraycopy(window, length - kept, window, 0, kept);
        length = kept;
        given = text().length() - pending;
    }

    private String text() {
        return tokenizer.decode(Arrays.copyOf(window, length), skipSpecialTokens);
    }

    /** The tokens that SentencePiece vocabularies spell characters with for which they have no token. */
    private static Set<Integer> byteIds(Tokenizer tokenizer) {
        Set<Integer> ids = new HashSet<>();
        for (int value = 0; value < 256; value++) {
            OptionalInt id = tokenizer.idOf(String.format(Locale.ROOT, "<0x%02X>", value));
            id.ifPresent(ids::add);
        }
        return ids;
    }
}
