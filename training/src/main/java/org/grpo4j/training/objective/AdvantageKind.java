package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How rewards become advantages (objective, section 4). */
public enum AdvantageKind {
    /** {@code (R − mean) / (std + std_epsilon)} with the population std of the group: GRPO. */
    @JsonProperty("group-std")
    GROUP_STD,
    /** {@code R − mean}: Dr.GRPO, arXiv 2503.20783. */
    @JsonProperty("group-mean")
    GROUP_MEAN,
    /** R minus the mean of the others: RLOO, arXiv 2402.14740. */
    @JsonProperty("leave-one-out")
    LEAVE_ONE_OUT,
    /** {@code (R − group mean) / (std of the whole batch + std_epsilon)}: REINFORCE++. */
    @JsonProperty("batch-std")
    BATCH_STD,
    /** Of every token by itself, from the values of a critic: PPO, see {@link GeneralisedAdvantages}. */
    @JsonProperty("gae")
    GAE
}
