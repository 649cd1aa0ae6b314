package org.grpo4j.models.tokenizer;

import java.util.Map;
import java.util.Objects;

/**
 * Turns the pieces of a text into ids by merging bytes, with the vocabulary and the merges of a {@code tokenizer.json}.
 * May be used by several threads at once.
 */
final class BytePieces {

    /** Longer pieces are left to the library: the merging here takes time by the square. */
    static final int MAX_BYTES = 128;

    private static final byte UNTRIED = 0;
    private static final byte REACHED = 1;
    private static final byte NOT_REACHED = 2;

    private static final char[] SPELLING = spelling();

    private final Map<String, Integer> vocabulary;
    private final MergeTable merges;
    private final boolean ignoreMerges;
    private final int[] byteIds;
    /** Whether merging comes to a token; threads that find out at the same time find the same. */
    private final byte[] reached;

    /**
     * @param vocabulary ids by the spelling of byte-level vocabularies, all bytes among them
     * @param ignoreMerges whether a piece that is a token is that token even if merging would not come to it
     */
    BytePieces(Map<String, Integer> vocabulary, int size, MergeTable merges, boolean ignoreMerges) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.ignoreMerges = ignoreMerges;
        byteIds = new int[SPELLING.length + 256];
        for (char letter : SPELLING) {
            byteIds[letter] = Objects.requireNonNull(vocabulary.get(Character.toString(letter)));
        }
        reached = new byte[size];
    }

    /** How a byte-level vocabulary writes a byte: as itself where that can be seen, else as a letter from U+0100 on. */
    static String spelled(int value) {
        return Character.toString(SPELLING[value]);
    }

    /** Encodes one piece after the other of one text; for one thread. */
    final class Run {

        private final char[] letters = new char[MAX_BYTES];
        private final int[] symbols = new int[MAX_BYTES];
        private final long[] joins = new long[MAX_BYTES];
        private int count;

        /** @return false if the piece is too long */
        boolean add(String text, int start, int end, IdBuffer ids) {
            int length = spell(text, start, end);
            if (length < 0) {
                return false;
            }
            Integer whole = vocabulary.get(new String(letters, 0, length));
            if (whole != null && (ignoreMerges || reached[whole] == REACHED)) {
                ids.add(whole);
                return true;
            }
            merge(length);
            if (whole != null && reached[whole] == UNTRIED) {
                reached[whole] = count == 1 && symbols[0] == whole ? REACHED : NOT_REACHED;
            }
            ids.add(symbols, count);
            return true;
        }

        /** UTF-8 in the spelling of the vocabulary; the number of bytes, or -1 if they are too many. */
        private int spell(String text, int start, int end) {
            int length = 0;
            for (int i = start; i < end; i++) {
                if (length > MAX_BYTES - 3) {
                    return -1;
                }
                char c = text.charAt(i);
                if (c < 0x80) {
                    letters[length++] = SPELLING[c];
                } else if (c < 0x800) {
                    letters[length++] = SPELLING[0xc0 | c >> 6];
                    letters[length++] = SPELLING[0x80 | c & 0x3f];
                } else {
                    letters[length++] = SPELLING[0xe0 | c >> 12];
                    letters[length++] = SPELLING[0x80 | c >> 6 & 0x3f];
                    letters[length++] = SPELLING[0x80 | c & 0x3f];
                }
            }
            return length;
        }

        /** Joins the pair of the lowest rank, the leftmost of equal ones, until none can be joined. */
        private void merge(int length) {
            count = length;
            for (int i = 0; i < count; i++) {
                symbols[i] = byteIds[letters[i]];
            }
            for (int i = 0; i < count; i++) {
                joins[i] = join(i);
            }
            for (int best = best(); joins[best] != MergeTable.NONE; best = best()) {
                symbols[best] = (int) joins[best];
                int moved = count - best - 2;
                System.arraycopy(symbols, best + 2, symbols, best + 1, moved);
                System.arraycopy(joins, best + 2, joins, best + 1, moved);
                count--;
                joins[best] = join(best);
                if (best > 0) {
                    joins[best - 1] = join(best - 1);
                }
            }
        }

        private long join(int i) {
            return i + 1 < count ? merges.find(symbols[i], symbols[i + 1]) : MergeTable.NONE;
        }

        private int best() {
            int best = 0;
            for (int i = 1; i < count; i++) {
                if (joins[i] < joins[best]) {
                    best = i;
                }
            }
            return best;
        }
    }

    private static char[] spelling() {
        char[] letters = new char[256];
        char hidden = 256;
        for (int value = 0; value < 256; value++) {
            boolean visible = (value >= '!' && value <= '~') || (value >= 0xa1 && value != 0xad);
            letters[value] = visible ? (char) value : hidden++;
        }
        return letters;
    }
}
