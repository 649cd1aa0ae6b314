package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which TD error a token gets from the advantage of its completion. */
public enum TdError {
    /** The advantage at every token: GRPO and GRPO-λ. */
    @JsonProperty("constant")
    CONSTANT,
    /** {@code A a^(T−1−t)}: the reward arrives at the end and is discounted backwards. */
    @JsonProperty("terminal")
    TERMINAL
}
