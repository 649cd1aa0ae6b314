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
        Verification first = null;
        for (String gold : golds) {
            Verification result = verify(gold, completion);
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
        Side right = Side.ofGold(gold);
        AnswerExtractor.Found found = AnswerExtractor.inCompletion(completion);
        if (found == null) {
            return new Verification(false, right.parsed(), null, Reason.NO_ANSWER);
        }
        return compare(right, Side.of(found));
    }

    /** The text of the answer in a completion, or null when there is none. */
    public static @Nullable String extract(String completion) {
        AnswerExtractor.Found found = AnswerExtractor.inCompletion(completion);
        return found == null ? null : found.text().strip();
    }

    private static Verification compare(Side gold, Side answer) {
        if (!gold.key().isEmpty() && gold.key().equals(answer.key())) {
            return new Verification(true, gold.parsed(), answer.parsed(), Reason.SAME_TEXT);
        }
        boolean equal = false;
        Reason reason = Reason.DIFFERENT;
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

        /** Longest text that is compared as text; what is longer is no answer to anything. */
        private static final int LONGEST_KEY = 10_000;

        static Side ofGold(String gold) {
            return of(AnswerExtractor.inGold(gold), false);
        }

        static Side of(AnswerExtractor.Found found) {
            return of(
                    found.text(),
                    found.kind() == AnswerExtractor.Kind.NUMBER || found.kind() == AnswerExtractor.Kind.WHOLE);
        }

        private static Side of(String text, boolean plain) {
            if (text.length() > LONGEST_KEY) {
                return new Side("", null, true);
            }
            String clean = AnswerText.clean(text);
            String key = AnswerText.key(clean);
            try {
                return new Side(key, new AnswerParser(new Budget()).parse(clean, plain), false);
            } catch (Unparsed e) {
                return new Side(key, null, e.isTooLarge());
            }
        }

        @Nullable
        String parsed() {
            return value == null ? null : value.toString();
        }
    }
}
