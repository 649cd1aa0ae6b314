package org.grpo4j.training.trainer;

/** How many completions decode together on a replica. */
final class RolloutRows {
    /** Enough rows to make the products of a decoding step efficient; caches stay small. */
    static final int DEFAULT = 64;

    private RolloutRows() {}
}
