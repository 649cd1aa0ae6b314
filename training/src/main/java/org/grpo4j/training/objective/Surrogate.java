package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The term that is maximised. */
public enum Surrogate {
    /** {@code min(ρA, clip(ρ)A)}: PPO and GRPO. */
    @JsonProperty("clip")
    CLIP,
    /** {@code stop(min(ρ, 1 + clip_high)) A log π}: CISPO, arXiv 2506.13585. */
    @JsonProperty("cispo")
    CISPO
}
