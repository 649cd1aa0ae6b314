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
 */
@JsonNaming(SnakeCaseStrategy.class)
public record RewardConfig(
        String name,
        @Default("1.0") double weight,
        @Nullable String pattern,
        @Nullable Integer maxTokens,
        @Nullable Integer cacheTokens) {

    /** @throws IllegalArgumentException if the weight is not finite */
    public RewardConfig {
        if (!Double.isFinite(weight)) {
            throw new IllegalArgumentException(
                    "the weight of reward \"" + name + "\" is " + weight + " but must be a finite number");
        }
    }

    /** A reward by name and weight, everything else at its default. */
    public static RewardConfig of(String name, double weight) {
        return new RewardConfig(name, weight, null, null, null);
    }

    @JsonCreator
    static RewardConfig read(
            @JsonProperty(value = "name", required = true) @Nullable String name,
            @JsonProperty("weight") @Nullable Double weight,
            @JsonProperty("pattern") @Nullable String pattern,
            @JsonProperty("max_tokens") @Nullable Integer maxTokens,
            @JsonProperty("cache_tokens") @Nullable Integer cacheTokens) {
        if (name == null) {
            throw new IllegalArgumentException("a reward has no name; write for example {name: answer, weight: 1.0}");
        }
        return new RewardConfig(name, weight == null ? 1 : weight, pattern, maxTokens, cacheTokens);
    }
}
