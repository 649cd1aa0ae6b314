package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What one importance ratio covers. */
public enum RatioLevel {
    /** A ratio for every token. */
    @JsonProperty("token")
    TOKEN,
    /** {@code exp(mean_t d_t)} for all tokens of the completion: GSPO, arXiv 2507.18071. */
    @JsonProperty("sequence")
    SEQUENCE
}
