package org.grpo4j.datasets.verify;

/** How an answer is looked for in a completion. */
public enum Extraction {
    /** Only an answer that is marked as one counts: a box, "the answer is", "Answer:", {@code ####}, {@code <answer>}. */
    STRICT,
    /** Without a mark the whole text counts if it is a value, else its last formula or number. */
    LENIENT
}
