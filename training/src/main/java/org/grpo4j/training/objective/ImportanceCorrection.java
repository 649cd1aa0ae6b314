package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What happens where the sampler's probabilities of tokens are not those that the trainer computes for the same policy.
 * With a correction the ratios start from the trainer's own old log-probs, and a token's surrogate is multiplied by the
 * weight here, a constant.
 */
public enum ImportanceCorrection {
    /** Ratios start from the sampler's log-probs; enough where both agree, as they do here to 1e-4. */
    @JsonProperty("none")
    NONE,
    /** {@code min(π_old / π_sampler, C)}. */
    @JsonProperty("truncated")
    TRUNCATED,
    /** {@code π_old / π_sampler} within {@code [1/C, C]}, and 0 outside. */
    @JsonProperty("masked")
    MASKED;

    /**
     * The weight of a token.
     *
     * @param gap {@code log π_old − log π_sampler}
     * @param cap C, at least 1
     */
    double weight(double gap, double cap) {
        double ratio = Math.exp(gap);
        return switch (this) {
            case NONE -> 1;
            case TRUNCATED -> Math.min(ratio, cap);
            case MASKED -> ratio >= 1 / cap && ratio <= cap ? ratio : 0;
        };
    }
}
