package org.grpo4j.training.objective;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Group-relative advantages: the reward of a completion compared with the other completions of the same prompt, in double
 * precision (objective, section 2 and 4).
 */
public final class Advantages {

    private Advantages() {}

    /**
     * Advantages of a batch, after the negative clamp of the configuration.
     *
     * @param rewards one finite reward a completion, {@code [N]}
     * @param groups group of each completion, {@code [N]}; any integers in any order
     * @return {@code [N]}; exactly 0 for groups of one and groups whose rewards are all equal, unless clamped
     * @throws IllegalArgumentException if the lengths differ, the batch is empty or a reward is not finite
     */
    public static double[] of(ObjectiveConfig config, double[] rewards, int[] groups) {
        return clamp(groupRelative(config.advantage(), rewards, groups, config.stdEpsilon()), config.negativeClamp());
    }

    /** The advantages before any clamp; see {@link #of}. */
    public static double[] groupRelative(AdvantageKind kind, double[] rewards, int[] groups, double stdEpsilon) {
        check(rewards, groups);
        Map<Integer, int[]> members = new LinkedHashMap<>();
        for (int i = 0; i < groups.length; i++) {
            int[] before = members.getOrDefault(groups[i], new int[0]);
            int[] extended = Arrays.copyOf(before, before.length + 1);
            extended[before.length] = i;
            members.put(groups[i], extended);
        }
        double batchStd = std(rewards, mean(rewards));
        double[] advantages = new double[rewards.length];
        for (int[] group : members.values()) {
            double[] own = Arrays.stream(group).mapToDouble(i -> rewards[i]).toArray();
            // The mean of equal numbers can differ from them in the last bit, and the tiny std would blow that up.
            if (Arrays.stream(own).allMatch(reward -> reward == own[0])) {
                continue;
            }
            double mean = mean(own);
            double scale = switch (kind) {
                case GROUP_STD -> 1 / (std(own, mean) + stdEpsilon);
                case GROUP_MEAN -> 1;
                case LEAVE_ONE_OUT -> own.length / (own.length - 1.0);
                case BATCH_STD -> 1 / (batchStd + stdEpsilon);
                case GAE ->
                    throw new IllegalArgumentException(
                            "advantage gae needs the values of a critic and compares no groups");
            };
            for (int i : group) {
                advantages[i] = (rewards[i] - mean) * scale;
            }
        }
        return advantages;
    }

    /**
     * {@code max(A, c)}: the negative clamp of the paper (c = −0.1), which keeps bad completions from dominating.
     *
     * @param floor c, or null for no clamp
     */
    public static double[] clamp(double[] advantages, @Nullable Double floor) {
        if (floor == null) {
            return advantages.clone();
        }
        double least = floor;
        return Arrays.stream(advantages)
                .map(advantage -> Math.max(advantage, least))
                .toArray();
    }

    private static void check(double[] rewards, int[] groups) {
        if (rewards.length == 0) {
            throw new IllegalArgumentException("rewards: the batch is empty; give at least one completion");
        }
        if (rewards.length != groups.length) {
            throw new IllegalArgumentException("rewards and groups must have one entry a completion, but there are "
                    + rewards.length + " rewards and " + groups.length + " groups");
        }
        for (int i = 0; i < rewards.length; i++) {
            if (!Double.isFinite(rewards[i])) {
                throw new IllegalArgumentException(
                        "rewards[" + i + "] is " + rewards[i] + "; a reward must be a finite number");
            }
        }
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static double std(double[] values, double mean) {
        return Math.sqrt(Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / values.length);
    }
}
