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
        Side answer = Side.ofCompletion(completion, extraction);
        Verification first = null;
        for (String gold : golds) {
            Verification result = compare(Side.ofGold(gold), answer);
            if (result.correct()) {
                return result;
            }
            first = first == null ? result : first;
        }
        return first == null ? new Verification(false, null, null, Reason.GOLD_NOT_PARSED) : first;
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
        AnswerExtractor.Found found = AnswerExtractor.inCompletion(completion, extraction);
        return found == null ? null : found.text().strip();
    }

    /**
     * Whether two answers, as {@link #extract} gives them, say the same; for votes. Symmetric, and answers with the same
     * text are equivalent even where nothing else is known of them.
     */
    public static boolean equivalent(String answerA, String answerB) {
        return compare(Side.of(answerA, false), Side.of(answerB, false)).correct();
    }

    private static Verification compare(Side gold, @Nullable Side answer) {
        if (answer == null) {
            return new Verification(false, gold.parsed(), null, Reason.NO_ANSWER);
        }
        if (!gold.key().isEmpty() && gold.key().equals(answer.key())) {
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
                equal = new Comparison(new Budget()).equal(gold.value(), answer.value());
                reason = equal ? Reason.EQUAL : Reason.DIFFERENT;
            } catch (Unparsed e) {
                reason = e.isTooLarge() ? Reason.TOO_LARGE : Reason.ANSWER_NOT_PARSED;
            }
        }
        return new Verification(equal, gold.parsed(), answer.parsed(), reason);
    }

    /** One side of a comparison, as far as it could be understood. */
    private record Side(String key, @Nullable Value value, boolean tooLarge) {

        private static final int LONGEST_PARSED = 200;

        static Side ofGold(String gold) {
            AnswerExtractor.Found found = AnswerExtractor.inGold(gold);
            return of(found.text(), found.plain());
        }

        static @Nullable Side ofCompletion(String completion, Extraction extraction) {
            AnswerExtractor.Found found = AnswerExtractor.inCompletion(completion, extraction);
            return found == null ? null : of(found.text(), found.plain());
        }

        static Side of(String text, boolean plain) {
            String key = "";
            try {
                List<Token> tokens = Lexer.split(text);
                key = Spelling.key(tokens);
                return new Side(key, AnswerParser.parse(tokens, plain, new Budget()), false);
            } catch (Unparsed e) {
                return new Side(key, null, e.isTooLarge());
            }
        }

        @Nullable
        String parsed() {
            if (value == null) {
                return null;
            }
            String text = value.toString();
            return text.length() <= LONGEST_PARSED ? text : text.substring(0, LONGEST_PARSED) + "…";
        }
    }
}
