package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells words from products of variables, and brings them into one spelling. */
final class Words {

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\d]+");
    private static final int MOST_WORDS = 12;
    private static final Set<String> MATHEMATICS = Set.of("pi", "sqrt", "and", "or", "U", "infinity", "inf", "oo");
    private static final Set<String> ARTICLES = Set.of("the", "a", "an");
    private static final Set<String> KNOWN = Set.of(
            "and", "the", "for", "all", "not", "are", "has", "mod", "odd", "even", "yes", "none", "with", "when",
            "then", "than", "base", "more", "less", "only", "from", "over", "true", "false", "prime", "half", "NaN",
            "nan", "per", "no", "on", "or", "of", "to", "if");

    /** Letters that usually are variables; a short word of others alone is read as a word. */
    private static final String VOWELS = "aeiouAEIOU";

    private Words() {}

    /** Whether a word has a meaning of its own, so that it is no product of its letters. */
    static boolean isKnown(String word) {
        return KNOWN.contains(word);
    }

    /** The words' spelling if the tokens are words and nothing else, else null. */
    static @Nullable String of(List<Token> tokens) {
        if (tokens.size() > 2 * MOST_WORDS || tokens.stream().noneMatch(Words::isLong)) {
            return null;
        }
        for (Token token : tokens) {
            boolean mark = token.is("-") || token.is("'") || token.is(".") || token.is("\"");
            boolean word = token.kind() == Token.Kind.TEXT || token.kind() == Token.Kind.LETTERS;
            if (!mark && !word || isMathematics(token)) {
                return null;
            }
        }
        String key = tokens.stream()
                .flatMap(token -> NO_WORD.splitAsStream(token.text().toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.joining(" "));
        int space = key.indexOf(' ');
        return space > 0 && ARTICLES.contains(key.substring(0, space)) ? key.substring(space + 1) : key;
    }

    /** Whether a token alone is a reason to read words: a text, a long word, or a short one that is a word. */
    private static boolean isLong(Token token) {
        String text = token.text();
        if (token.kind() == Token.Kind.TEXT) {
            return true;
        }
        if (token.kind() != Token.Kind.LETTERS || text.length() < 2) {
            return false;
        }
        boolean vowel = text.chars().anyMatch(c -> VOWELS.indexOf(c) >= 0);
        boolean variables = text.chars().allMatch(c -> "abcd".indexOf(c) >= 0);
        return isKnown(text) || text.length() > 4 || text.length() > 2 && vowel && !variables;
    }

    private static boolean isMathematics(Token token) {
        return token.kind() == Token.Kind.LETTERS
                && (FunctionNames.ALL.contains(token.text()) || MATHEMATICS.contains(token.text()));
    }
}
