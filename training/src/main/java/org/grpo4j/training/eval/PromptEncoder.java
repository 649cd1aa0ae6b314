package org.grpo4j.training.eval;

import org.grpo4j.models.tokenizer.Tokenizer;

/** Turns the text of a prompt into the ids a model is given. */
@FunctionalInterface
public interface PromptEncoder {

    /** The ids of a prompt; none is an error of the prompt. */
    int[] encode(String prompt);

    /** The text as it is, with the start token if the tokenizer has one. */
    static PromptEncoder plain(Tokenizer tokenizer) {
        return prompt -> tokenizer.encode(prompt, true);
    }
}
