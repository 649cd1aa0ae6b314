package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Commas that separate, that group digits, and that are decimal points. */
final class Commas {

    private static final int LONGEST_CONJUNCTION = 12;
    private static final Pattern AROUND_WORDS = Pattern.compile("[ ,]{1,9}");

    private Commas() {}

    /** Whether a token separates members of a list. */
    static boolean separates(Token token) {
        return token.is(",")
                || token.is(";")
                || token.is("\\\\")
                || isConjunction(token, "and")
                || isConjunction(token, "or");
    }

    /** Whether it is this conjunction, as a word, in a text or as a sign. */
    static boolean isConjunction(Token token, String word) {
        return token.is(word)
                || token.isWordy()
                        && token.text().length() <= LONGEST_CONJUNCTION
                        && AROUND_WORDS
                                .matcher(token.text())
                                .replaceAll("")
                                .toLowerCase(Locale.ROOT)
                                .equals(word);
    }

    /** In running text a comma that cannot be a thousands mark is a decimal comma: {@code 12,75}. */
    static List<Token> decimal(List<Token> tokens, boolean plain) {
        int comma = TokenLists.find(tokens, token -> token.is(","));
        if (!plain || comma < 1 || comma > 2 || comma + 1 >= tokens.size()) {
            return tokens;
        }
        Token whole = tokens.get(comma - 1);
        Token places = tokens.get(comma + 1);
        boolean adjacent = !tokens.get(comma).spaced() && !places.spaced();
        boolean alone = TokenLists.find(tokens.subList(comma + 1, tokens.size()), Commas::separates) < 0;
        boolean thousands = places.text().length() == 3
                && whole.text().length() <= 3
                && !whole.text().startsWith("0");
        if (!adjacent || !alone || !isDigits(whole) || !isDigits(places) || thousands) {
            return tokens;
        }
        List<Token> joined = new ArrayList<>(tokens.subList(0, comma - 1));
        joined.add(new Token(Token.Kind.NUMBER, whole.text() + "." + places.text(), whole.spaced()));
        joined.addAll(tokens.subList(comma + 2, tokens.size()));
        return joined;
    }

    /**
     * Joins digits that commas group in threes, when the number stands alone or is told from its neighbours by spaces
     * behind the other commas.
     *
     * @param enclosed whether the tokens stand in brackets, where commas separate unless others have a space
     */
    static List<Token> joined(List<Token> tokens, boolean enclosed) {
        List<int[]> runs = new ArrayList<>();
        boolean others = false;
        boolean crowded = false;
        int level = 0;
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            level += token.opens() ? 1 : token.closes() ? -1 : 0;
            int end = level == 0 && isFirstGroup(tokens, i) ? endOfRun(tokens, i) : i;
            if (end > i) {
                runs.add(new int[] {i, end});
                i = end;
            } else if (level == 0 && separates(token)) {
                others = true;
                crowded |= token.is(",")
                        && i + 1 < tokens.size()
                        && !tokens.get(i + 1).spaced();
            }
        }
        boolean join = !runs.isEmpty() && !crowded && (others || !enclosed);
        return join ? join(tokens, runs) : tokens;
    }

    private static boolean isFirstGroup(List<Token> tokens, int i) {
        Token token = tokens.get(i);
        boolean index = i > 0 && (tokens.get(i - 1).is("_") || tokens.get(i - 1).is("^"));
        return !index
                && isDigits(token)
                && token.text().length() <= 3
                && token.text().charAt(0) != '0';
    }

    /** The last token of a run of groups, the first one itself when no group follows. */
    private static int endOfRun(List<Token> tokens, int start) {
        int end = start;
        while (end + 2 < tokens.size()
                && tokens.get(end + 1).is(",")
                && !tokens.get(end + 1).spaced()
                && isDigits(tokens.get(end))
                && isGroup(tokens.get(end + 2))) {
            end += 2;
        }
        // A number that goes on with other groups is a list of numbers.
        boolean list = end + 2 < tokens.size()
                && end > start
                && tokens.get(end + 1).is(",")
                && tokens.get(end + 2).isNumber()
                && !tokens.get(end + 2).spaced();
        return list ? start : end;
    }

    private static boolean isGroup(Token token) {
        int point = token.text().indexOf('.');
        int digits = point < 0 ? token.text().length() : point;
        return token.isNumber()
                && !token.spaced()
                && digits == 3
                && token.text().chars().allMatch(c -> c == '.' || c >= '0' && c <= '9');
    }

    private static boolean isDigits(Token token) {
        return token.isNumber() && token.text().chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static List<Token> join(List<Token> tokens, List<int[]> runs) {
        List<Token> joined = new ArrayList<>();
        int at = 0;
        for (int[] run : runs) {
            joined.addAll(tokens.subList(at, run[0]));
            StringBuilder digits = new StringBuilder();
            tokens.subList(run[0], run[1] + 1).stream().filter(Token::isNumber).forEach(t -> digits.append(t.text()));
            joined.add(new Token(
                    Token.Kind.NUMBER, digits.toString(), tokens.get(run[0]).spaced()));
            at = run[1] + 1;
        }
        joined.addAll(tokens.subList(at, tokens.size()));
        return joined;
    }
}
