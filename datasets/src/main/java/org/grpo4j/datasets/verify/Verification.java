package org.grpo4j.datasets.verify;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of one check.
 *
 * @param correct whether the answer equals the gold
 * @param goldParsed the gold's value as text, null when it could not be parsed; that is worth counting
 * @param answerParsed the answer's value as text, null when there was none or it could not be parsed
 * @param reason why it is correct or not
 */
public record Verification(
        boolean correct,
        @Nullable String goldParsed,
        @Nullable String answerParsed,
        Reason reason) {

    /** Why an answer is correct or not. */
    public enum Reason {
        /** The values are equal. */
        EQUAL("equal"),
        /** The texts are equal; the values need no evaluation. */
        SAME_TEXT("same text"),
        /** Both have values and the values differ. */
        DIFFERENT("different value"),
        /** The completion has no answer. */
        NO_ANSWER("no answer found"),
        /** The answer has no meaning that is known here. */
        ANSWER_NOT_PARSED("could not parse the answer"),
        /** The gold has no meaning that is known here. */
        GOLD_NOT_PARSED("could not parse the gold"),
        /** Evaluation would go beyond the budget. */
        TOO_LARGE("too large");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }
}
