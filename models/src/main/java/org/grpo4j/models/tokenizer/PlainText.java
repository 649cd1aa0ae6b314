package org.grpo4j.models.tokenizer;

/**
 * The characters on which every version of Unicode agrees, and the pieces into which the tokenizers of Qwen and Llama
 * split a text of them. Latin, punctuation, currencies, arrows and mathematical signs: settled long ago, never changed by
 * NFC alone or next to each other, in one and the same class in every table.
 */
final class PlainText {

    private static final byte NOT_PLAIN = 0;
    private static final byte LETTER = 1;
    private static final byte NUMBER = 2;
    private static final byte SPACE = 3;
    private static final byte OTHER = 4;

    /** First and last; 17F is left out because it is an s where case does not count, 2028 and 2029 as separators. */
    private static final int[][] RANGES = {
        {0, 0x17e}, {0x180, 0x2ff}, {0x2010, 0x2027}, {0x2030, 0x205e}, {0x20a0, 0x20bf}, {0x2190, 0x22ff}
    };

    private static final byte[] KINDS = kinds();

    private PlainText() {}

    static boolean isPlain(char c) {
        return c < KINDS.length && KINDS[c] != NOT_PLAIN;
    }

    /** Whether all characters are plain, so that the splitting here may be used. */
    static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    /** All plain characters in order. */
    static String characters() {
        StringBuilder characters = new StringBuilder();
        for (char c = 0; c < KINDS.length; c++) {
            if (isPlain(c)) {
                characters.append(c);
            }
        }
        return characters.toString();
    }

    /**
     * The end of the piece that begins at {@code start}, as this expression finds it, with up to {@code digits} numbers
     * in a piece:
     *
     * <pre>{@code
     * (?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N} | ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+
     * }</pre>
     *
     * @param limit end of the text; what stands after it is not looked at
     */
    static int pieceEnd(String text, int start, int limit, int digits) {
        char c = text.charAt(start);
        byte kind = KINDS[c];
        int next = start + 1;
        if (kind == LETTER) {
            return runEnd(LETTER, text, next, limit);
        }
        if (kind == NUMBER) {
            return runEnd(NUMBER, text, next, Math.min(limit, start + digits));
        }
        if (c == '\'') {
            int length = contraction(text, next, limit);
            if (length > 0) {
                return next + length;
            }
        }
        byte following = next < limit ? KINDS[text.charAt(next)] : NOT_PLAIN;
        if (following == LETTER && !isLineBreak(c)) {
            return runEnd(LETTER, text, next, limit);
        }
        if (kind == OTHER || (c == ' ' && following == OTHER)) {
            int end = runEnd(OTHER, text, next, limit);
            while (end < limit && isLineBreak(text.charAt(end))) {
                end++;
            }
            return end;
        }
        return spaceEnd(text, start, runEnd(SPACE, text, next, limit), limit);
    }

    /** White space goes up to its last line break; without one, the last of several leads the word that follows. */
    private static int spaceEnd(String text, int start, int end, int limit) {
        for (int i = end; i > start; i--) {
            if (isLineBreak(text.charAt(i - 1))) {
                return i;
            }
        }
        return end == limit || end == start + 1 ? end : end - 1;
    }

    private static int runEnd(byte kind, String text, int from, int limit) {
        int end = from;
        while (end < limit && KINDS[text.charAt(end)] == kind) {
            end++;
        }
        return end;
    }

    /** Letters of the contraction that stands after an apostrophe, or 0. */
    private static int contraction(String text, int start, int limit) {
        char first = start < limit ? lower(text.charAt(start)) : 0;
        char second = start + 1 < limit ? lower(text.charAt(start + 1)) : 0;
        return switch (first) {
            case 's', 't', 'm', 'd' -> 1;
            case 'r', 'v' -> second == 'e' ? 2 : 0;
            case 'l' -> second == 'l' ? 2 : 0;
            default -> 0;
        };
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c;
    }

    private static boolean isLineBreak(char c) {
        return c == '\n' || c == '\r';
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[RANGES[RANGES.length - 1][1] + 1];
        for (int[] range : RANGES) {
            for (int c = range[0]; c <= range[1]; c++) {
                kinds[c] = kind(c);
            }
        }
        return kinds;
    }

    private static byte kind(int c) {
        if (Character.isLetter(c)) {
            return LETTER;
        }
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> NUMBER;
            default -> isWhiteSpace(c) ? SPACE : OTHER;
        };
    }

    private static boolean isWhiteSpace(int c) {
        return (c >= '\t' && c <= '\r') || c == ' ' || c == 0x85 || c == 0xa0;
    }
}
