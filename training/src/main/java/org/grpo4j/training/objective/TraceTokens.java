package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which tokens the trace remembers after their own step. */
public enum TraceTokens {
    /** Every token. */
    @JsonProperty("all")
    ALL,
    /** Those of highest entropy in the batch: {@code W[t,j]} is kept for {@code j = t} and where j is one of them. */
    @JsonProperty("top-entropy")
    TOP_ENTROPY
}
