package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Last corrections to the tokens of an answer, and its spelling for a comparison of texts. */
final class Spelling {

    private static final Set<String> ORDINALS = Set.of("th", "st", "nd", "rd");
    private static final Set<String> EDGES = Set.of(".", ",", ";", ":");

    private Spelling() {}

    static List<Token> tidy(List<Token> tokens) {
        List<Token> tidy = new ArrayList<>(tokens.size());
        for (int i = isOpenCases(tokens) ? 1 : 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            Token next = at(tokens, i + 1);
            if (token.is("^") && isMark(next)) {
                tidy.add(Token.sign(next.text(), false));
                i++;
            } else if (token.is("^") && next.is("{") && isMark(at(tokens, i + 2))) {
                i = marks(tokens, i, tidy);
            } else if (token.isNumber() && isOrdinal(next)) {
                tidy.add(token);
                i++;
            } else if (token.is("^")
                    && next.is("{")
                    && isOrdinal(at(tokens, i + 2))
                    && at(tokens, i + 3).is("}")) {
                i += 3;
            } else if (isTimes(tokens, i)) {
                tidy.add(Token.sign("*", true));
            } else {
                tidy.add(token);
            }
        }
        return frenchInterval(withoutEdges(tidy));
    }

    /** {@code ]1, 3]} is (1, 3]: a bracket turned away leaves its end out. */
    private static List<Token> frenchInterval(List<Token> tokens) {
        int last = tokens.size() - 1;
        if (last < 3) {
            return tokens;
        }
        boolean open = tokens.get(0).is("]");
        boolean close = tokens.get(last).is("[");
        boolean brackets =
                (open || tokens.get(0).is("[")) && (close || tokens.get(last).is("]"));
        if (!open && !close || !brackets) {
            return tokens;
        }
        List<Token> interval = new ArrayList<>(tokens);
        interval.set(0, Token.sign(open ? "(" : "[", false));
        interval.set(last, Token.sign(close ? ")" : "]", false));
        return interval;
    }

    /** A brace on the left alone, as it stands before cases that are set as an array. */
    private static boolean isOpenCases(List<Token> tokens) {
        return at(tokens, 0).is("\\{")
                && at(tokens, 1).kind() == Token.Kind.BEGIN
                && tokens.get(tokens.size() - 1).kind() == Token.Kind.CLOSE;
    }

    /** {@code ^{\circ}} and {@code ^{\prime\prime}} without the power that they are not. */
    private static int marks(List<Token> tokens, int start, List<Token> tidy) {
        int i = start + 2;
        while (isMark(at(tokens, i))) {
            i++;
        }
        if (!at(tokens, i).is("}")) {
            tidy.add(tokens.get(start));
            return start;
        }
        tidy.addAll(tokens.subList(start + 2, i));
        return i;
    }

    private static boolean isMark(Token token) {
        return token.is("°") || token.is("'");
    }

    private static boolean isOrdinal(Token token) {
        return token.isWordy() && !token.spaced() && ORDINALS.contains(token.text());
    }

    /** {@code 3 x 10^8}, where x is the sign of multiplication. */
    private static boolean isTimes(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        return (token.text().equals("x") || token.text().equals("X"))
                && token.kind() == Token.Kind.LETTERS
                && i > 0
                && at(tokens, i - 1).isNumber()
                && at(tokens, i + 1).text().equals("10")
                && at(tokens, i + 2).is("^");
    }

    private static Token at(List<Token> tokens, int index) {
        return index < tokens.size() ? tokens.get(index) : Token.NOTHING;
    }

    /** Without a full stop behind, a colon before, or markdown's stars around the whole. */
    private static List<Token> withoutEdges(List<Token> tokens) {
        int start = 0;
        int end = tokens.size();
        while (start < end && (isEdge(tokens.get(start)) || tokens.get(start).is("=") || isStar(tokens.get(start)))) {
            start++;
        }
        while (start < end && (isEdge(tokens.get(end - 1)) || isStar(tokens.get(end - 1)))) {
            end--;
        }
        List<Token> inside = tokens.subList(start, end);
        return isBraced(inside) ? withoutEdges(TokenLists.inside(inside)) : inside;
    }

    private static boolean isBraced(List<Token> tokens) {
        if (tokens.size() < 2
                || !tokens.get(0).is("{")
                || !tokens.get(tokens.size() - 1).is("}")) {
            return false;
        }
        int level = 0;
        for (int i = 0; i < tokens.size() - 1; i++) {
            level += tokens.get(i).is("{") ? 1 : tokens.get(i).is("}") ? -1 : 0;
            if (level == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEdge(Token token) {
        return token.kind() == Token.Kind.SIGN && EDGES.contains(token.text()) || token.is("\\\\");
    }

    private static boolean isStar(Token token) {
        return token.is("^") || token.is("*");
    }

    /** The same for texts that say the same: fonts, spaces and needless braces do not count, nor does case in words. */
    static String key(List<Token> tokens) {
        boolean words = Words.of(tokens) != null;
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean needless = token.is("{") && at(tokens, i + 2).is("}") && i > 0 && isScript(tokens.get(i - 1));
            if (needless) {
                i++;
                token = tokens.get(i);
                append(key, token);
                i++;
            } else {
                append(key, token);
            }
        }
        return words ? key.toString().toLowerCase(Locale.ROOT) : key.toString();
    }

    private static boolean isScript(Token token) {
        return token.is("^") || token.is("_");
    }

    private static void append(StringBuilder key, Token token) {
        if (!key.isEmpty()) {
            key.append(' ');
        }
        key.append(token.kind() == Token.Kind.COMMAND ? "\\" : "").append(token.text());
    }
}
