package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.grpo4j.training.objective.AdvantageKind;
import org.grpo4j.training.objective.Advantages;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.reward.RewardsCombine;
import org.grpo4j.training.reward.WeightedRewards;

/**
 * Advantages of scored completions. A completion whose reward failed takes no part: its group is compared without it, and
 * its advantage is 0.
 *
 * @param combine whether rewards are added up before or after the comparison
 * @param rewards their names and weights
 */
record GroupComparison(ObjectiveConfig objective, RewardsCombine combine, WeightedRewards rewards) {

    /** The same completions, in order, with their advantages. */
    List<ScoredRollout> of(List<ScoredRollout> rollouts) {
        List<ScoredRollout> used =
                rollouts.stream().filter(r -> r.score().isUsable()).toList();
        if (used.isEmpty()) {
            return rollouts;
        }
        double[] advantages = advantages(used);
        List<ScoredRollout> result = new ArrayList<>();
        int next = 0;
        for (ScoredRollout r : rollouts) {
            result.add(r.withAdvantage(r.score().isUsable() ? advantages[next++] : 0));
        }
        return result;
    }

    /** Groups that teach something: compared completions, not all of them alike. */
    static Set<Integer> withSpread(List<ScoredRollout> compared) {
        return compared.stream()
                .filter(r -> r.advantage() != 0)
                .map(ScoredRollout::group)
                .collect(Collectors.toSet());
    }

    private double[] advantages(List<ScoredRollout> used) {
        int[] groups = used.stream().mapToInt(ScoredRollout::group).toArray();
        if (objective.needsCritic()) {
            // The critic has the last word; until then this tells how the completions of a group differ.
            double[] rewards = values(used, r -> r.score().total().getAsDouble());
            return Advantages.groupRelative(AdvantageKind.GROUP_MEAN, rewards, groups, 0);
        }
        if (combine == RewardsCombine.SUM_THEN_NORMALISE) {
            return Advantages.of(objective, values(used, r -> r.score().total().getAsDouble()), groups);
        }
        double[] sum = new double[used.size()];
        for (WeightedRewards.Component component : rewards.components()) {
            // A usable score has the value of every component.
            double[] values = values(used, r -> r.score().values().getOrDefault(component.name(), Double.NaN));
            double[] own = Advantages.groupRelative(objective.advantage(), values, groups, objective.stdEpsilon());
            for (int i = 0; i < sum.length; i++) {
                sum[i] += component.weight() * own[i];
            }
        }
        return Advantages.clamp(sum, objective.negativeClamp());
    }

    private static double[] values(List<ScoredRollout> rollouts, ToDoubleFunction<ScoredRollout> value) {
        return rollouts.stream().mapToDouble(value).toArray();
    }
}
