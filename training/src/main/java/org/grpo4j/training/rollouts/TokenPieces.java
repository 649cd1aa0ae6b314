package org.grpo4j.training.rollouts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.models.tokenizer.StreamingDecoder;
import org.grpo4j.models.tokenizer.Tokenizer;

/**
 * The text that each token of a completion adds. The pieces, put together, are the decoded text. A character whose bytes are
 * spread over several tokens belongs to the token that completes it, and the others have an empty piece, as has a token
 * that decoding leaves out. Not for use by several threads at once.
 */
final class TokenPieces {

    private static final String REPLACEMENT = "\ufffd";

    private final Tokenizer tokenizer;
    /** What tokens spell by themselves: a vocabulary at most, and a few hundred of it in a usual run. */
    private final Map<Integer, String> ownTexts = new HashMap<>();

    TokenPieces(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** One piece for each id; special tokens are left out of the text. */
    List<String> of(int[] ids) {
        List<String> pieces = new ArrayList<>(ids.length);
        for (int id : ids) {
            pieces.add(ownText(id));
        }
        return isWhole(pieces, tokenizer.decode(ids, true)) ? pieces : streamed(ids);
    }

    /** Whether the texts of single tokens are those of all together, but for a space that decoders take off the beginning. */
    private static boolean isWhole(List<String> pieces, String text) {
        String joined = String.join("", pieces);
        if (joined.contains(REPLACEMENT)) {
            return false;
        }
        if (joined.length() == text.length() + 1 && joined.startsWith(" ")) {
            int first = 0;
            while (pieces.get(first).isEmpty()) {
                first++;
            }
            pieces.set(first, pieces.get(first).substring(1));
            return joined.endsWith(text);
        }
        return joined.equals(text);
    }

    /** Token by token with what is around it, which takes many times longer. */
    private List<String> streamed(int[] ids) {
        StreamingDecoder decoder = new StreamingDecoder(tokenizer, new int[0], true);
        List<String> pieces = new ArrayList<>(ids.length);
        boolean held = false;
        for (int id : ids) {
            String piece = decoder.accept(id);
            String own = held ? ownEnd(piece, id) : piece;
            if (own.length() < piece.length()) {
                // The decoder held text back until it was sure of it; that text is of the token before.
                pieces.set(pieces.size() - 1, piece.substring(0, piece.length() - own.length()));
            }
            pieces.add(own);
            held = piece.isEmpty();
        }
        String rest = decoder.finish();
        if (!rest.isEmpty()) {
            int last = pieces.size() - 1;
            pieces.set(last, pieces.get(last) + rest);
        }
        return pieces;
    }

    /** The end of a piece that a token spells by itself, or all of it if that cannot be told apart. */
    private String ownEnd(String piece, int id) {
        String own = ownText(id);
        return !own.isEmpty() && piece.length() > own.length() && piece.endsWith(own) ? own : piece;
    }

    /** The text of the second of two, because some decoders take a space off the beginning. */
    private String ownText(int id) {
        return ownTexts.computeIfAbsent(id, token -> {
            String once = tokenizer.decode(new int[] {token}, true);
            String twice = tokenizer.decode(new int[] {token, token}, true);
            return twice.substring(Math.min(once.length(), twice.length()));
        });
    }
}
