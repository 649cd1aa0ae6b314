package org.grpo4j.training.eval;

import org.jspecify.annotations.Nullable;

/**
 * One completion and what became of it: a line of {@code samples.jsonl}.
 *
 * @param suite name of the benchmark
 * @param problem the problem's id
 * @param sample number of the completion among those of its problem, from 0
 * @param seed of its random choices
 * @param completion what the model wrote
 * @param answer the answer found in it, null when there is none
 * @param correct whether the answer is right
 * @param reason why it is or is not, in words
 * @param goldParsed the gold's value as text, null when it could not be parsed
 * @param formatted whether the answer is marked as the prompt asks
 * @param tokens of the completion, with the stop token
 * @param finished whether a stop token ended it; otherwise it was cut
 */
public record SampleRecord(
        String suite,
        String problem,
        int sample,
        long seed,
        String completion,
        @Nullable String answer,
        boolean correct,
        String reason,
        @Nullable String goldParsed,
        boolean formatted,
        int tokens,
        boolean finished) {

    /** Reason of a problem that was not asked, because its prompt fills the model's positions. It counts as wrong. */
    public static final String PROMPT_TOO_LONG = "prompt too long";

    /** Whether the model was asked. */
    public boolean wasAsked() {
        return !reason.equals(PROMPT_TOO_LONG);
    }

    /** The same without the completion's text, which is what takes memory. */
    SampleRecord withoutText() {
        return withText("");
    }

    SampleRecord withText(String text) {
        return new SampleRecord(
                suite, problem, sample, seed, text, answer, correct, reason, goldParsed, formatted, tokens, finished);
    }
}
