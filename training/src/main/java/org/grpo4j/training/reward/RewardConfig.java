package org.grpo4j.training.reward;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.grpo4j.training.config.Default;
import org.jspecify.annotations.Nullable;

/**
 * One line of the list {@code rewards} of a configuration, such as {@code {name: answer, weight: 1.0}}.
 *
 * @param name a name that {@link RewardRegistry} knows
 * @param weight factor in the sum, finite; 1 if left out
 * @param pattern regular expression of the format reward; null for its default
 * @param maxTokens of the length reward; null for the completion limit of the run
 * @param cacheTokens of the length reward; null for a fifth of the limit
 * @param timeoutSeconds after which a completion counts as one that the reward could not judge, above 0; for rewards that
 *     do not end by themselves, see {@link Reward#endsByItself}
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RewardConfig(
        String name,
        @Default("1.0") double weight,
        @Nullable String pattern,
        @Nullable Integer maxTokens,
        @Nullable Integer cacheTokens,
        @Default("60.0") double timeoutSeconds) {
    private static final double TIMEOUT_SECONDS = 60;

    /** @throws IllegalArgumentException if the weight is not finite or the time not positive */
    public RewardConfig {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of reward \"" + name + "\" is " + weight + " but must be a finite number");
        }
        if (!(timeoutSeconds > 0) || Double.isInfinite(timeoutSeconds)) {
            throw new IllegalArgumentException("timeout_seconds of reward \"" + name + "\" is " + timeoutSeconds
                    + " but must be a number above 0");
        }
    }

    /** A reward by name and weight, everything else at its default. */
    public static RewardConfig of(String name, double weight) {
        return new RewardConfig(name, weight, null, null, null, TIMEOUT_SECONDS);
    }

    @JsonCreator
    static RewardConfig read(
            @JsonProperty(value = "name", required = true) @Nullable String name,
            @JsonProperty("weight") @Nullable Double weight,
            @JsonProperty("pattern") @Nullable String pattern,
            @JsonProperty("max_tokens") @Nullable Integer maxTokens,
            @JsonProperty("cache_tokens") @Nullable Integer cacheTokens,
            @JsonProperty("timeout_seconds") @Nullable Double timeoutSeconds) {
        if (name == null) {
            throw new IllegalArgumentException("a reward has no name; write for example {name: answer, weight: 1.0}");
        }
        return new RewardConfig(
                name,
                weight == null ? 1 : weight,
                pattern,
                maxTokens,
                cacheTokens,
                timeoutSeconds == null ? TIMEOUT_SECONDS : timeoutSeconds);
    }
}
