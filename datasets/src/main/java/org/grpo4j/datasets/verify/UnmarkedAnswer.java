package org.grpo4j.datasets.verify;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grpo4j.datasets.verify.AnswerExtractor.Found;
import org.jspecify.annotations.Nullable;

/** The answer of a text that marks none: the whole text if it is a value, else its last formula or number. */
final class UnmarkedAnswer {

    private static final int LONGEST_WHOLE = 200;
    private static final int TAIL = 4 * Budget.LENGTH;
    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\p{L}\\d.,])(?:(?<![\\p{L}\\d)}])(?<![\\d)}]\\s)[-\u2212])?"
                    + "(?:\\d{1,3}(?:,\\d{3})++(?!\\d)|\\d{1,400}+)(?:\\.\\d{1,400}+)?(?:,\\d{1,2}(?!\\d))?"
                    + "(?:[eE][-+]?\\d{1,9}+)?(?:/\\d{1,400}+)?%?(?!\\p{L})");
    private static final Pattern MATHEMATICS =
            Pattern.compile("\\S{0,400}[\\d\\\\^=+*/|(){}<>\\[\\]]\\S{0,400}|[-A-Za-z,]");
    /** "So x = 5" is no product of S, o and x. */
    private static final Pattern WORD_FIRST = Pattern.compile(
            "\\s{0,20}(?!sqrt|pi|a?(?:sin|cos|tan)|log|ln|exp)[A-Z]?[a-z]{1,30}\\b(?<=[A-Za-z]{2}),?\\s");

    private static final Pattern SENTENCE = Pattern.compile("^[A-Z]?[a-z]+,?\\s[a-z]");

    /** A completion of a word or two is all answer: "Yes", "no solution". */
    private static final Pattern FEW_WORDS =
            Pattern.compile("\\s{0,20}[\\p{L}'\\\\{}-]{1,40}(?: [\\p{L}'\\\\{}-]{1,40}){0,2}[.!]?\\s{0,20}");

    private UnmarkedAnswer() {}

    static @Nullable Found in(String text, Budget budget) {
        if (text.length() <= LONGEST_WHOLE
                && !WORD_FIRST.matcher(text).lookingAt()
                && AnswerExtractor.isValue(text, budget)) {
            return Found.of(text);
        }
        Found found = lastFormulaOrNumber(text, budget);
        return found != null || !FEW_WORDS.matcher(text).matches() ? found : Found.of(text.strip());
    }

    /** The formula that a whole solution without any mark ends with; null when the text is no such solution. */
    static @Nullable Found closing(String text, Budget budget) {
        if (!SENTENCE.matcher(text).find() || AnswerExtractor.isValue(text, budget)) {
            return null;
        }
        Formulas.Last last = Formulas.last(tail(text));
        boolean ends = last != null
                && tail(text).substring(last.end()).chars().noneMatch(Character::isLetterOrDigit)
                && AnswerExtractor.isValue(last.content(), budget);
        return ends && last != null ? new Found(last.content(), false) : null;
    }

    /** What is far from the end is no last formula; without the cut a million dollar signs would be tried in turn. */
    private static String tail(String text) {
        return text.substring(Math.max(0, text.length() - TAIL));
    }

    static @Nullable Found lastFormulaOrNumber(String text, Budget budget) {
        String tail = tail(text);
        Formulas.Last formula = Formulas.last(tail);
        // Dollars may be prices: what is between two of them need not be a formula.
        int end = formula != null && AnswerExtractor.isValue(formula.content(), budget) ? formula.end() : -1;
        String number = null;
        Matcher numbers = NUMBER.matcher(tail);
        while (numbers.find()) {
            number = numbers.start() >= end ? numbers.group() : number;
        }
        if (end < 0) {
            Found bare = bareFormula(tail, budget);
            if (bare != null) {
                return bare;
            }
        }
        if (number != null) {
            return new Found(number, true);
        }
        return formula == null ? null : new Found(formula.content(), false);
    }

    /** LaTeX at the end of the last line, without dollars around it: {@code so x = \frac{3}{4}.} */
    private static @Nullable Found bareFormula(String text, Budget budget) {
        String stripped = text.stripTrailing();
        String line = stripped.substring(stripped.lastIndexOf('\n') + 1);
        if (line.indexOf('\\') < 0 || line.length() > 2 * LONGEST_WHOLE) {
            return null;
        }
        String[] words = line.strip().split("\\s{1,9}");
        int start = words.length;
        while (start > 0 && MATHEMATICS.matcher(words[start - 1]).matches()) {
            start--;
        }
        String run = String.join(" ", List.of(words).subList(start, words.length));
        return run.indexOf('\\') >= 0 && AnswerExtractor.isValue(run, budget) ? new Found(run, false) : null;
    }
}
