package org.grpo4j.training.reward;

/** One aspect of how good a completion is. Implementations keep no state and may be called from several threads. */
@FunctionalInterface
public interface Reward {

    /**
     * The value of a completion, by custom 0 (bad) to 1 (good), or negative for a penalty.
     *
     * @throws RuntimeException if the completion cannot be judged; {@link WeightedRewards} reports it
     */
    double score(RewardContext context);

    /**
     * Whether {@link #score} ends soon whatever it is given. {@link RewardRegistry} gives a reward that does not
     * say so a limit of time, on a thread of its own.
     */
    default boolean endsByItself() {
        return false;
    }
}
