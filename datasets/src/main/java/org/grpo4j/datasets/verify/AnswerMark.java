package org.grpo4j.datasets.verify;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words that announce an answer: "the answer is", "Answer:", "the correct option is", {@code ####} and
 * {@code <answer>}.
 *
 * @param tag whether it is the tag
 * @param end where the text behind the mark begins
 */
record AnswerMark(boolean tag, int end) {

    private static final String TAG = "<answer>";
    private static final String WORD = "answer";
    private static final String CORRECT = "correct";
    private static final Pattern MARK = Pattern.compile(
            "####|<answer>|\\banswers?\\b(?:\\s{1,5}(?:is|are|would be|will be|should be|must be))?\\*{0,2}\\s{0,3}[:=]"
                    + "|\\banswers?\\s{1,5}(?:is|are|would be|will be|should be|must be)\\b"
                    + "|\\bcorrect\\s{1,5}(?:option|choice)\\s{1,5}is\\b",
            Pattern.CASE_INSENSITIVE);

    /** The last mark of a text, searched from its end, null when there is none. */
    static @Nullable AnswerMark last(String text) {
        Matcher mark = MARK.matcher(text).useTransparentBounds(true);
        for (int i = text.length() - 1; i >= 0; i--) {
            if (mayBegin(text, i) && mark.region(i, text.length()).lookingAt()) {
                return new AnswerMark(mark.group().toLowerCase(Locale.ROOT).equals(TAG), mark.end());
            }
        }
        return null;
    }

    private static boolean mayBegin(String text, int i) {
        return switch (text.charAt(i)) {
            case '#', '<' -> true;
            case 'a', 'A' -> text.regionMatches(true, i, WORD, 0, WORD.length());
            case 'c', 'C' -> text.regionMatches(true, i, CORRECT, 0, CORRECT.length());
            default -> false;
        };
    }
}
