package org.grpo4j.datasets.verify;

import java.util.List;
import org.grpo4j.datasets.verify.Verification.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Checks a completion against a right answer. Never throws, never takes long, never calls a different value right;
 * what it does not understand it calls wrong and says so. Stateless, for any number of threads.
 */
public final class Verifier {

    private Verifier() {}

    /** Checks against alternatives: right when any of them is met. The result tells of the first that was, else of the first. */
    public static Verification verify(List<String> golds, String completion) {
        return verify(golds, completion, Extraction.LENIENT);
    }

    /** As {@link #verify(List, String)}, with a choice of how the answer is looked for. */
    public static Verification verify(List<String> golds, String completion, Extraction extraction) {
        Budget budget = new Budget();
        List<Side> answers = readings(AnswerExtractor.inCompletion(completion, extraction, budget), budget);
        Verification first = null;
        for (String gold : golds) {
            Side right = Side.of(AnswerExtractor.inGold(gold, budget), budget);
            if (answers.isEmpty()) {
                return new Verification(false, right.parsed(), null, Reason.NO_ANSWER);
            }
            for (Side answer : answers) {
                Verification result = compare(right, answer, budget);
                if (result.correct()) {
                    return result;
                }
                first = first == null ? result : first;
            }
        }
        return first == null ? new Verification(false, null, null, Reason.GOLD_NOT_PARSED) : first;
    }

    /** What an answer may say: {@code 3,5} in running text is a decimal, or a list after all. */
    private static List<Side> readings(AnswerExtractor.@Nullable Found found, Budget budget) {
        if (found == null) {
            return List.of();
        }
        Side first = Side.of(found, budget);
        boolean list = found.plain() && found.text().indexOf(',') >= 0;
        return list ? List.of(first, Side.of(found.text(), false, budget)) : List.of(first);
    }

    /**
     * Checks one completion.
     *
     * @param gold the right answer: bare, in dollars, or a whole solution that holds it
     * @param completion what a model wrote; the answer is looked for in it
     */
    public static Verification verify(String gold, String completion) {
        return verify(List.of(gold), completion, Extraction.LENIENT);
    }

    /** As {@link #verify(String, String)}, with a choice of how the answer is looked for. */
    public static Verification verify(String gold, String completion, Extraction extraction) {
        return verify(List.of(gold), completion, extraction);
    }

    /** The text of the answer in a completion, or null when there is none. */
    public static @Nullable String extract(String completion) {
        return extract(completion, Extraction.LENIENT);
    }

    /** The text of the answer in a completion, looked for as told, or null when there is none. */
    public static @Nullable String extract(String completion, Extraction extraction) {
        AnswerExtractor.Found found = AnswerExtractor.inCompletion(completion, extraction, new Budget());
        return found == null ? null : found.text().strip();
    }

    /**
     * Whether two answers, as {@link #extract} gives them, say the same; for votes. Symmetric, and answers with the same
     * text are equivalent even where nothing else is known of them.
     */
    public static boolean equivalent(String answerA, String answerB) {
        Budget budget = new Budget();
        return compare(Side.of(answerA, false, budget), Side.of(answerB, false, budget), budget)
                .correct();
    }

    private static Verification compare(Side gold, Side answer, Budget budget) {
        if (gold.hasTextOf(answer)) {
            return new Verification(true, gold.parsed(), answer.parsed(), Reason.SAME_TEXT);
        }
        boolean equal = false;
        Reason reason;
        if (gold.value() == null) {
            reason = gold.tooLarge() ? Reason.TOO_LARGE : Reason.GOLD_NOT_PARSED;
        } else if (answer.value() == null) {
            reason = answer.tooLarge() ? Reason.TOO_LARGE : Reason.ANSWER_NOT_PARSED;
        } else {
            try {
                equal = new Comparison(budget).equal(gold.value(), answer.value());
                reason = equal ? Reason.EQUAL : Reason.DIFFERENT;
            } catch (Unparsed e) {
                reason = e.isTooLarge() ? Reason.TOO_LARGE : Reason.ANSWER_NOT_PARSED;
            }
        }
        return new Verification(equal, gold.parsed(), answer.parsed(), reason);
    }
}
