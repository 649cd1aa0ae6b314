package org.grpo4j.datasets.verify;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Left sides that name a quantity: {@code x}, {@code f(x)}, {@code |AB|}, {@code \angle ABC}, {@code A:B}, Area. */
final class Names {

    /** Letters that usually are functions, whatever stands in their parentheses. */
    private static final String FUNCTIONS = "fghpqstuvwFGHPQNTSELDVAMRXY";

    private Names() {}

    /** The name in one spelling, null when the tokens name nothing. */
    static @Nullable String of(List<Token> tokens) {
        if (tokens.isEmpty()) {
            return null;
        }
        boolean name = isVariable(tokens)
                || isApplication(tokens)
                || isFigure(tokens)
                || isFunctionOfAngle(tokens)
                || Words.of(tokens) != null;
        return name ? Spelling.key(tokens).replace(" ", "") : null;
    }

    private static boolean isVariable(List<Token> tokens) {
        if (tokens.size() > 1
                && tokens.get(0).kind() == Token.Kind.LETTERS
                && tokens.get(0).text().length() > 1) {
            return false;
        }
        try {
            return ExpressionParser.parse(tokens) instanceof Expression.Name;
        } catch (Unparsed e) {
            return false;
        }
    }

    /** A letter with something in parentheses: of any letter if that is a letter or number, like {@code a(2)}. */
    private static boolean isApplication(List<Token> tokens) {
        int open = TokenLists.find(tokens, token -> token.is("(") || token.is("["));
        if (open < 1 || tokens.get(0).text().length() > 1 && tokens.get(0).kind() == Token.Kind.LETTERS) {
            return false;
        }
        boolean letter = tokens.get(0).kind() == Token.Kind.LETTERS;
        boolean upright =
                tokens.get(0).kind() == Token.Kind.TEXT || tokens.get(0).kind() == Token.Kind.COMMAND;
        if (!letter && !upright || FunctionNames.ALL.contains(tokens.get(0).text()) || isOperator(tokens.get(0))) {
            return false;
        }
        for (Token between : tokens.subList(1, open)) {
            boolean mark = between.is("_")
                    || between.is("^")
                    || between.is("'")
                    || between.is("{")
                    || between.is("}")
                    || between.is("-")
                    || between.isNumber()
                    || between.kind() == Token.Kind.LETTERS;
            if (!mark || between.is("^") && !isInverse(tokens, open)) {
                return false;
            }
        }
        boolean whole = TokenLists.isOneGroup(tokens.subList(open, tokens.size()));
        boolean simple = tokens.subList(open + 1, tokens.size() - 1).stream()
                .allMatch(t -> t.is(",")
                        || t.isNumber()
                        || t.kind() == Token.Kind.LETTERS && t.text().length() == 1);
        return whole && (simple || letter && FUNCTIONS.contains(tokens.get(0).text()));
    }

    private static boolean isOperator(Token token) {
        return token.isCommand("frac") || token.isCommand("sqrt") || token.isCommand("binom");
    }

    /** {@code f^{-1}(x)} names a function, {@code f^2(x)} may be a square. */
    private static boolean isInverse(List<Token> tokens, int open) {
        return tokens.subList(1, open).stream().anyMatch(token -> token.is("-"));
    }

    /** Points, segments and angles in capitals, between bars or behind a sign, ratios and fractions of them. */
    private static boolean isFigure(List<Token> tokens) {
        boolean capitals = false;
        int letters = 0;
        boolean figure = false;
        for (Token token : tokens) {
            if (token.kind() == Token.Kind.LETTERS && isCapitals(token.text())) {
                capitals = true;
                letters += token.text().length();
            } else if (token.isCommand("angle") || token.isCommand("triangle") || token.is("|") || token.is(":")) {
                figure = true;
            } else if (!isMark(token)
                    && !(token.kind() == Token.Kind.LETTERS && token.text().equals("m"))) {
                return false;
            }
        }
        return capitals && (figure || letters > 1 && tokens.size() == 1 || letters > 3);
    }

    private static boolean isCapitals(String text) {
        return text.chars().allMatch(Character::isUpperCase);
    }

    private static boolean isMark(Token token) {
        return token.is("_")
                || token.is("'")
                || token.is("{")
                || token.is("}")
                || token.is("[")
                || token.is("]")
                || token.is("(")
                || token.is(")")
                || token.is("/")
                || token.isCommand("frac")
                || token.isNumber();
    }

    /** The sine of an angle that has a name. */
    private static boolean isFunctionOfAngle(List<Token> tokens) {
        if (!FunctionNames.TRIGONOMETRIC.contains(tokens.get(0).text()) || tokens.size() < 2) {
            return false;
        }
        return tokens.subList(1, tokens.size()).stream()
                .allMatch(token -> token.isCommand("angle")
                        || token.isCommand("theta")
                        || token.isCommand("alpha")
                        || token.isCommand("beta")
                        || token.is("(")
                        || token.is(")")
                        || token.kind() == Token.Kind.LETTERS && isCapitals(token.text()));
    }
}
