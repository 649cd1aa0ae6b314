package org.grpo4j.training.rollouts;

import java.util.ArrayList;
import java.util.List;
import org.grpo4j.models.tokenizer.StreamingDecoder;
import org.grpo4j.models.tokenizer.Tokenizer;

/**
 * The text that each token of a completion adds. The pieces, put together, are the decoded text. A character whose bytes are
 * spread over several tokens belongs to the token that completes it, and the others have an empty piece, as has a token
 * that decoding leaves out.
 */
final class TokenPieces {

    private TokenPieces() {}

    /** One piece for each id; special tokens are left out of the text. */
    static List<String> of(Tokenizer tokenizer, int[] ids) {
        StreamingDecoder decoder = new StreamingDecoder(tokenizer, new int[0], true);
        List<String> pieces = new ArrayList<>(ids.length);
        boolean held = false;
        for (int id : ids) {
            String piece = decoder.accept(id);
            String own = piece.isEmpty() || !held ? piece : ownText(tokenizer, id, piece);
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
    private static String ownText(Tokenizer tokenizer, int id, String piece) {
        // The text of the second of two, because some decoders take a space off the beginning.
        String once = tokenizer.decode(new int[] {id}, true);
        String twice = tokenizer.decode(new int[] {id, id}, true);
        String own = twice.substring(Math.min(once.length(), twice.length()));
        return !own.isEmpty() && piece.length() > own.length() && piece.endsWith(own) ? own : piece;
    }
}
