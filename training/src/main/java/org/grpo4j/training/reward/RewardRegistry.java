package org.grpo4j.training.reward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Rewards by the names that configurations use; add your own with {@link #register}. Not thread-safe. */
public final class RewardRegistry {
    /** Name of the reward for a verified answer. */
    public static final String ANSWER = "answer";

    private final Map<String, Function<RewardConfig, Reward>> rewards = new TreeMap<>();

    /**
     * The rewards of this package: {@code answer}, {@code format} and {@code length}.
     *
     * @param verifier whether a completion (second) gives the gold answer (first)
     * @param completionLimit the run's limit of tokens a completion, the default length of {@code length}
     */
    public static RewardRegistry standard(BiPredicate<String, String> verifier, int completionLimit) {
        return new RewardRegistry()
                .register(ANSWER, config -> new AnswerReward(verifier))
                .register("format", RewardRegistry::format)
                .register("length", config -> length(config, completionLimit));
    }

    /** Adds a reward under a name, replacing any that had it; returns this. */
    public RewardRegistry register(String name, Function<RewardConfig, Reward> factory) {
        rewards.put(name, factory);
        return this;
    }

    /**
     * The weighted sum that a configuration describes. Rewards that may not end are limited to the time it gives them.
     *
     * @throws IllegalArgumentException for an empty list, an unknown or repeated name, or settings a reward refuses
     */
    public WeightedRewards build(List<RewardConfig> configs) {
        List<WeightedRewards.Component> components = new ArrayList<>();
        for (RewardConfig config : configs) {
            Function<RewardConfig, Reward> factory = rewards.get(config.name());
            if (factory == null) {
                throw new IllegalArgumentException(
                        "unknown reward \"" + config.name() + "\"; known are: " + String.join(", ", rewards.keySet()));
            }
            Reward reward = factory.apply(config);
            Reward limited = reward.endsByItself() ? reward : new TimedReward(reward, config.timeoutSeconds());
            components.add(new WeightedRewards.Component(config.name(), config.weight(), limited));
        }
        return new WeightedRewards(components);
    }

    private static Reward format(RewardConfig config) {
        String pattern = config.pattern();
        if (pattern == null) {
            return FormatReward.markedAnswer();
        }
        try {
            return new FormatReward(Pattern.compile(pattern, Pattern.DOTALL));
        } catch (PatternSyntaxException broken) {
            throw new IllegalArgumentException(
                    "the pattern of reward \"format\" is not a regular expression: " + broken.getMessage(), broken);
        }
    }

    private static Reward length(RewardConfig config, int completionLimit) {
        Integer max = config.maxTokens();
        Integer cache = config.cacheTokens();
        int maxTokens = max == null ? completionLimit : max;
        return new OverlongPenalty(maxTokens, cache == null ? Math.max(1, maxTokens / 5) : cache);
    }
}
