package org.grpo4j.training.config;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The prompt templates that have a name; {@code {problem}} stands for the problem text. */
public enum PromptTemplate {
    /** The problem and nothing else. */
    PLAIN("{problem}"),

    /** The usual instruction for mathematics. */
    BOXED("{problem}\nPlease reason step by step, and put your final answer within \\boxed{}."),

    /** For graders that read the last line. */
    ANSWER_LINE(
            "{problem}\nReason step by step, and end with a line that holds nothing but \"Answer: \" and the answer."),

    /** For models that have only learned to go on with a text. */
    QUESTION("Question: {problem}\nAnswer:"),

    /** The turns that Qwen2.5-Math was trained on, spelled out, for its base models too. */
    QWEN_MATH("<|im_start|>system\nPlease reason step by step, and put your final answer within \\boxed{}.<|im_end|>\n"
            + "<|im_start|>user\n{problem}<|im_end|>\n<|im_start|>assistant\n");

    static final String PROBLEM = "{problem}";

    private final String text;

    PromptTemplate(String text) {
        this.text = text;
    }

    /** Whether the text has chat turns of its own, so that it must not become a turn of another chat. */
    boolean isChat() {
        return this == QWEN_MATH;
    }

    /**
     * The template that a configuration means: a text with {@code {problem}} in it is one itself, anything else is a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static String text(String nameOrText) {
        if (nameOrText.contains(PROBLEM)) {
            return nameOrText;
        }
        return named(nameOrText)
                .orElseThrow(() -> {
                    List<String> known =
                            Arrays.stream(values()).map(ConfigNames::value).toList();
                    String hint = ConfigNames.nearest(nameOrText, known)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("known are " + String.join(", ", known));
                    return new IllegalArgumentException(
                            "prompt_template must contain {problem} or be a known name, found '" + nameOrText + "'; "
                                    + hint);
                })
                .text;
    }

    static Optional<PromptTemplate> named(String name) {
        return Arrays.stream(values())
                .filter(template -> ConfigNames.value(template).equals(name))
                .findFirst();
    }
}
