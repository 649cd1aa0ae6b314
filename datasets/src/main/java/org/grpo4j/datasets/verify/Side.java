package org.grpo4j.datasets.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One side of a comparison, as far as it could be understood.
 *
 * @param key the text in one spelling, empty when it is not even that
 * @param value what it says, null when it is not understood
 * @param tooLarge whether it is not understood because it would take too much
 */
record Side(String key, @Nullable Value value, boolean tooLarge) {

    private static final int LONGEST_PARSED = 200;

    static Side of(AnswerExtractor.Found found, Budget budget) {
        return of(found.text(), found.plain(), budget);
    }

    /** @param plain whether the text is running text rather than LaTeX */
    static Side of(String text, boolean plain, Budget budget) {
        String key = "";
        try {
            List<Token> tokens = Lexer.split(text);
            key = Spelling.key(tokens);
            return new Side(key, AnswerParser.parse(tokens, plain, budget), false);
        } catch (Unparsed e) {
            return new Side(key, null, e.isTooLarge());
        }
    }

    boolean hasTextOf(Side other) {
        return !key.isEmpty() && key.equals(other.key);
    }

    /** The value as text, shortened, null when there is none. */
    @Nullable
    String parsed() {
        if (value == null) {
            return null;
        }
        String text = value.toString();
        return text.length() <= LONGEST_PARSED ? text : text.substring(0, LONGEST_PARSED) + "…";
    }
}
