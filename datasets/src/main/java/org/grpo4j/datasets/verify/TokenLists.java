package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Finds the parts of a list of tokens that lie outside of all brackets. */
final class TokenLists {

    private TokenLists() {}

    /**
     * The parts between separators at the top level; one more than there are separators.
     *
     * @throws Unparsed if brackets do not match in number or there are too many parts
     */
    static List<List<Token>> split(List<Token> tokens, Predicate<Token> separator) {
        List<List<Token>> parts = new ArrayList<>();
        int start = 0;
        int level = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (token.opens()) {
                level++;
            } else if (token.closes()) {
                level--;
            } else if (level == 0 && separator.test(token)) {
                parts.add(tokens.subList(start, i));
                start = i + 1;
                if (parts.size() >= Budget.ITEMS) {
                    throw Unparsed.tooLarge("more than " + Budget.ITEMS + " items");
                }
            }
            if (level < 0) {
                throw Unparsed.because("a bracket that was never opened");
            }
        }
        if (level != 0) {
            throw Unparsed.because("a bracket that is never closed");
        }
        parts.add(tokens.subList(start, tokens.size()));
        return parts;
    }

    /** The first separator at the top level, -1 when there is none. */
    static int find(List<Token> tokens, Predicate<Token> separator) {
        int level = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            if (level == 0 && separator.test(token)) {
                return i;
            }
            level += token.opens() ? 1 : token.closes() ? -1 : 0;
        }
        return -1;
    }

    /** Where the bracket that opens at {@code open} closes. */
    static int endOfGroup(List<Token> tokens, int open) {
        int level = 0;
        for (int i = open; i < tokens.size(); i++) {
            level += tokens.get(i).opens() ? 1 : tokens.get(i).closes() ? -1 : 0;
            if (level == 0) {
                return i;
            }
        }
        throw Unparsed.because("a bracket that is never closed");
    }

    /** Whether one pair of brackets holds everything. */
    static boolean isOneGroup(List<Token> tokens) {
        return tokens.size() >= 2
                && tokens.get(0).opens()
                && tokens.get(tokens.size() - 1).closes()
                && endOfGroup(tokens, 0) == tokens.size() - 1;
    }

    /** What is between the first and the last token. */
    static List<Token> inside(List<Token> tokens) {
        return tokens.subList(1, tokens.size() - 1);
    }
}
