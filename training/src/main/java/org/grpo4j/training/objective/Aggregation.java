package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How token losses become one number. */
public enum Aggregation {
    /** Mean over completions of token means: GRPO. */
    @JsonProperty("sequence-mean")
    SEQUENCE_MEAN,
    /** Sum over all tokens divided by their number: DAPO, arXiv 2503.14476. */
    @JsonProperty("token-mean")
    TOKEN_MEAN,
    /** Sum over all tokens divided by completions times max_length: Dr.GRPO, arXiv 2503.20783. */
    @JsonProperty("constant")
    CONSTANT
}
