package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the eligibility trace enters the objective. */
public enum Trace {
    /** {@code z_t = d_t}: GRPO. */
    @JsonProperty("none")
    NONE,
    /** The traced log-ratio is the exponent of the ratio (the paper's ε-trace). */
    @JsonProperty("e-trace")
    E_TRACE,
    /** Token t's surrogate is multiplied by {@code w_t = Σ_j W[t,j]} (the paper's ε-weight). */
    @JsonProperty("e-weight")
    E_WEIGHT,
    /**
     * Token j's surrogate is multiplied by {@code c_j = Σ_t W[t,j]}: the weights that ε-trace has on-policy, without any
     * trace in the ratio. Tells the effect of weighting positions from that of tracing ratios.
     */
    @JsonProperty("position-weight")
    POSITION_WEIGHT
}
