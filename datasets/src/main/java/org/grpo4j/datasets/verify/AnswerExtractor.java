package org.grpo4j.datasets.verify;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer in a completion: the last box; else the last of "the answer is", "Answer:", {@code ####} and
 * {@code <answer>}; else, unless it is to be strict, what {@link UnmarkedAnswer} finds. Everything runs in one pass over
 * the text, and every repetition in a pattern is bounded.
 */
final class AnswerExtractor {

    /**
     * The answer's text as it stands there.
     *
     * @param plain whether it is running text rather than LaTeX
     */
    record Found(String text, boolean plain) {

        static Found of(String text) {
            return new Found(text, text.indexOf('$') < 0 && text.indexOf('\\') < 0);
        }
    }

    private static final String END_OF_THOUGHT = "</think>";
    private static final String END_OF_ANSWER = "</answer>";
    private static final Pattern LEADING =
            Pattern.compile("(?:[*:=_\\s]|\\b(?:therefore|thus|hence|simply|equal to|indeed|exactly)\\b,?){1,20}");
    private static final Pattern END_OF_SENTENCE = Pattern.compile("(?<!\\bi\\.e)(?<!\\be\\.g)[.!?](?=\\s|$|\\*)|\\n");
    private static final Pattern REASON = Pattern.compile(
            ",?\\s{1,5}(?:because|since|as|so|which|where|when|if|for|but|not|and not|rather than|instead of|I hope)\\b",
            Pattern.CASE_INSENSITIVE);
    private static final int MOST_WORDS = 8;

    private AnswerExtractor() {}

    /** The answer of a completion, or null when there is none. */
    static @Nullable Found inCompletion(String completion, Extraction extraction, Budget budget) {
        String text = TurnMarks.removed(completion);
        int thought = text.lastIndexOf(END_OF_THOUGHT);
        if (thought >= 0) {
            Found afterwards = find(text.substring(thought + END_OF_THOUGHT.length()), extraction, budget);
            if (afterwards != null) {
                return afterwards;
            }
        }
        return find(text, extraction, budget);
    }

    /** The answer a gold stands for: itself, unless it is a whole solution with a marked answer. */
    static Found inGold(String gold, Budget budget) {
        Found marked = marked(gold, budget);
        if (marked != null) {
            return marked;
        }
        Found closing = UnmarkedAnswer.closing(gold, budget);
        return closing == null ? new Found(gold, false) : closing;
    }

    private static @Nullable Found find(String text, Extraction extraction, Budget budget) {
        if (text.isBlank()) {
            return null;
        }
        Found marked = marked(text, budget);
        if (marked != null) {
            return marked.text().isBlank() ? null : marked;
        }
        return extraction == Extraction.STRICT ? null : UnmarkedAnswer.in(text, budget);
    }

    private static @Nullable Found marked(String text, Budget budget) {
        Boxes boxes = Boxes.in(text);
        if (boxes.any()) {
            return new Found(boxes.last(), false);
        }
        AnswerMark mark = AnswerMark.last(text);
        if (mark == null) {
            return null;
        }
        String rest = text.substring(mark.end(), Math.min(text.length(), mark.end() + Budget.LENGTH));
        return mark.tag() ? tagged(rest, budget) : afterMark(rest, budget);
    }

    private static @Nullable Found tagged(String rest, Budget budget) {
        int end = rest.toLowerCase(Locale.ROOT).indexOf(END_OF_ANSWER);
        String content = (end < 0 ? rest : rest.substring(0, end)).strip();
        if (content.isEmpty() || isValue(content, budget)) {
            return content.isEmpty() ? null : Found.of(content);
        }
        Found unmarked = UnmarkedAnswer.in(content, budget);
        return unmarked == null ? Found.of(content) : unmarked;
    }

    /** What stands behind a mark: the sentence without its reasons, or the formula or number in it. */
    private static @Nullable Found afterMark(String rest, Budget budget) {
        Matcher leading = LEADING.matcher(rest);
        String sentence = leading.lookingAt() ? rest.substring(leading.end()) : rest;
        Matcher end = END_OF_SENTENCE.matcher(sentence);
        int from = Formulas.endOfFirst(sentence);
        sentence = end.find(from) ? sentence.substring(0, end.start()) : sentence;
        Matcher reason = REASON.matcher(sentence);
        String claim = reason.find(from) ? sentence.substring(0, reason.start()) : sentence;
        if (claim.isBlank()) {
            return null;
        }
        if (isValue(claim, budget)) {
            return Found.of(claim);
        }
        Found inside = from > 0
                ? new Found(Formulas.first(sentence), false)
                : UnmarkedAnswer.lastFormulaOrNumber(claim, budget);
        boolean words = claim.split("\\s{1,9}", MOST_WORDS + 2).length <= MOST_WORDS;
        return inside != null ? inside : words ? Found.of(claim) : null;
    }

    /** Whether a text is a value through and through; words alone are none. */
    static boolean isValue(String text, Budget budget) {
        Found found = Found.of(text);
        try {
            Value value = AnswerParser.parse(Lexer.split(text), found.plain(), budget);
            return !(value instanceof Value.Words);
        } catch (Unparsed e) {
            return false;
        }
    }
}
