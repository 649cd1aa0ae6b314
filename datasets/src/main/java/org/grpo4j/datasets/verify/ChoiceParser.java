package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Letters of multiple choices: {@code (C)}, {@code \text{(C) } 12}, {@code C. 12}, {@code C) 12}. */
final class ChoiceParser {

    private static final String OPERATORS = "+-*/^_=<>!)]}|',;";

    private ChoiceParser() {}

    /** The choice, or null when it is none. */
    static Value.@Nullable Choice parse(List<Token> tokens, Function<List<Token>, Value> parser) {
        Token first = tokens.get(0);
        if (first.kind() == Token.Kind.TEXT) {
            return ofText(tokens, parser);
        }
        if (first.is("(")
                && tokens.size() >= 3
                && isLetter(tokens.get(1))
                && tokens.get(2).is(")")) {
            return choice(tokens.get(1).text(), tokens.subList(3, tokens.size()), parser);
        }
        boolean mark = tokens.size() >= 3
                && (tokens.get(1).is(")")
                        || tokens.get(1).is(".")
                        || tokens.get(1).is(":"))
                && !tokens.get(1).spaced();
        return mark && isLetter(first) ? choice(first.text(), tokens.subList(2, tokens.size()), parser) : null;
    }

    private static Value.@Nullable Choice ofText(List<Token> tokens, Function<List<Token>, Value> parser) {
        String text = tokens.get(0).text();
        boolean marked = text.length() == 2 && tokens.size() > 1 && ".):".indexOf(text.charAt(1)) >= 0;
        if (marked && Character.isUpperCase(text.charAt(0))) {
            return new Value.Choice(text.substring(0, 1), understood(tokens.subList(1, tokens.size()), parser));
        }
        boolean parenthesised = text.length() >= 3 && text.charAt(0) == '(' && text.charAt(2) == ')';
        if (!parenthesised || !Character.isUpperCase(text.charAt(1))) {
            return null;
        }
        String letter = text.substring(1, 2);
        if (text.length() > 3 && tokens.size() == 1) {
            Value inside = understood(Lexer.split(text.substring(3)), parser);
            return new Value.Choice(letter, inside);
        }
        return text.length() == 3 && tokens.size() == 1
                ? new Value.Choice(letter, null)
                : new Value.Choice(letter, understood(tokens.subList(1, tokens.size()), parser));
    }

    private static boolean isLetter(Token token) {
        return token.isWordy()
                && token.text().length() == 1
                && Character.isUpperCase(token.text().charAt(0));
    }

    private static Value.@Nullable Choice choice(String letter, List<Token> rest, Function<List<Token>, Value> parser) {
        if (rest.isEmpty()) {
            return new Value.Choice(letter, null);
        }
        if (rest.stream().anyMatch(token -> Commas.isConjunction(token, "and") || Commas.isConjunction(token, "or"))) {
            // "(A) or (B)" is no choice.
            return null;
        }
        Token next = rest.get(0);
        boolean apart = next.spaced() && !(next.kind() == Token.Kind.SIGN && OPERATORS.contains(next.text()));
        return apart ? new Value.Choice(letter, understood(rest, parser)) : null;
    }

    private static @Nullable Value understood(List<Token> rest, Function<List<Token>, Value> parser) {
        try {
            return parser.apply(rest);
        } catch (Unparsed e) {
            return null;
        }
    }
}
