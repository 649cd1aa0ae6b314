package org.grpo4j.training.config;

/**
 * One term of the reward.
 *
 * @param name which reward function
 * @param weight what its value is multiplied by before the terms are added
 */
public record RewardSection(String name, @Default("1.0") double weight) {
    public RewardSection {
        Require.that(!name.isBlank(), "name must be that of a reward function");
        Require.that(Double.isFinite(weight), "weight must be a finite number, found " + weight);
    }
}
