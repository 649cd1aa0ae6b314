package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the answer in a completion: the last box; else the last of "the answer is", "Answer:", {@code ####} and
 * {@code <answer>}; else the whole text when it is nothing but a value; else the last formula or number. Everything runs
 * in one pass over the text.
 */
final class AnswerExtractor {

    /** Where an answer was found; the marked kinds are what a writer meant to be the answer. */
    enum Kind {
        BOX,
        MARK,
        WHOLE,
        FORMULA,
        NUMBER
    }

    /** The answer's text as it stands there. */
    record Found(Kind kind, String text) {}

    private static final String END_OF_THOUGHT = "</think>";
    private static final Pattern MARK = Pattern.compile(
            "####|\\banswer(?:\\s+is)?\\s{0,3}\\*{0,2}\\s{0,3}:|\\banswer\\s+is\\b|<answer>", Pattern.CASE_INSENSITIVE);
    private static final Pattern END_OF_SENTENCE = Pattern.compile("[.!?](?=\\s|$)|</answer>|\\n");
    private static final Pattern REASON = Pattern.compile(
            ",?\\s+(?:because|since|as|so|which|where|when|if|for|but|I hope)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern FORMULA = Pattern.compile(
            "\\$\\$([^$]{1,2000})\\$\\$|\\$([^$]{1,2000})\\$|\\\\\\[(.{1,2000}?)\\\\]|\\\\\\((.{1,2000}?)\\\\\\)",
            Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\d.,])(?:(?<![\\p{L}\\d)}]\\s?)[-\u2212])?"
            + "(?:\\d{1,3}(?:,\\d{3})++(?!\\d)|\\d{1,400}+)(?:\\.\\d{1,400}+)?(?:,\\d{1,2}(?!\\d))?"
            + "(?:[eE][-+]?\\d{1,9}+)?(?:/\\d{1,400}+)?%?(?!\\p{L})");
    private static final int LONGEST_WHOLE = 200;

    private AnswerExtractor() {}

    /** The answer of a completion, or null when there is none. */
    static @Nullable Found inCompletion(String completion) {
        String text = AnswerText.withoutTurnMarks(completion);
        int thought = text.lastIndexOf(END_OF_THOUGHT);
        if (thought >= 0) {
            Found afterwards = find(text.substring(thought + END_OF_THOUGHT.length()));
            if (afterwards != null) {
                return afterwards;
            }
        }
        return find(text);
    }

    /** The answer a gold stands for: itself, unless it is a whole solution with a marked answer. */
    static String inGold(String gold) {
        Found marked = marked(gold);
        return marked == null ? gold : marked.text();
    }

    private static @Nullable Found find(String text) {
        if (text.isBlank()) {
            return null;
        }
        Found marked = marked(text);
        if (marked != null) {
            return marked.text().isBlank() ? null : marked;
        }
        if (text.length() <= LONGEST_WHOLE && AnswerParser.isValue(text)) {
            return new Found(Kind.WHOLE, text);
        }
        return lastFormulaOrNumber(text);
    }

    private static @Nullable Found marked(String text) {
        Boxes boxes = Boxes.in(text);
        if (boxes.any()) {
            return new Found(Kind.BOX, boxes.last());
        }
        Matcher mark = MARK.matcher(text);
        int end = -1;
        while (mark.find()) {
            end = mark.end();
        }
        return end < 0 ? null : afterMark(text.substring(end, Math.min(text.length(), end + Budget.LENGTH)));
    }

    private static @Nullable Found afterMark(String rest) {
        String sentence = rest.stripLeading().replaceAll("^[*:\\s]+", "");
        int math = sentence.startsWith("$") || sentence.startsWith("\\(") || sentence.startsWith("\\[") ? 0 : -1;
        Matcher formula = FORMULA.matcher(sentence);
        if (math == 0 && formula.lookingAt() && !sentence.startsWith(",", formula.end())) {
            return new Found(Kind.MARK, content(formula));
        }
        Matcher end = END_OF_SENTENCE.matcher(sentence);
        sentence = end.find() ? sentence.substring(0, end.start()) : sentence;
        Matcher reason = REASON.matcher(sentence);
        sentence = reason.find() ? sentence.substring(0, reason.start()) : sentence;
        return sentence.isBlank() ? null : new Found(Kind.MARK, sentence);
    }

    private static @Nullable Found lastFormulaOrNumber(String text) {
        // What is far from the end is no last formula; without the cut a million dollar signs would be tried in turn.
        String tail = text.substring(Math.max(0, text.length() - 4 * Budget.LENGTH));
        Found found = null;
        int end = -1;
        Matcher formula = FORMULA.matcher(tail);
        while (formula.find()) {
            found = new Found(Kind.FORMULA, content(formula));
            end = formula.end();
        }
        List<Found> numbers = new ArrayList<>();
        Matcher number = NUMBER.matcher(tail);
        while (number.find()) {
            if (number.start() >= end) {
                numbers.add(new Found(Kind.NUMBER, number.group()));
            }
        }
        return numbers.isEmpty() ? found : numbers.get(numbers.size() - 1);
    }

    private static String content(Matcher formula) {
        for (int group = 1; group <= formula.groupCount(); group++) {
            String content = formula.group(group);
            if (content != null) {
                return content;
            }
        }
        return "";
    }
}
