package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the weights of the trace are scaled. */
public enum TraceNormalisation {
    /** As they are; λ then also scales the gradient. */
    @JsonProperty("none")
    NONE,
    /** ε-trace: divided by the row sum of W; ε-weight: by the mean weight of the completion. */
    @JsonProperty("row")
    ROW
}
