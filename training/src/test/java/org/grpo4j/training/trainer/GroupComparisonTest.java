package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.datasets.Problem;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.training.objective.Advantages;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.reward.RewardsCombine;
import org.grpo4j.training.reward.WeightedRewards;
import org.junit.jupiter.api.Test;

class GroupComparisonTest {

    /** Right or wrong, and a bonus with a spread of a hundred times that. */
    private static final WeightedRewards REWARDS = new WeightedRewards(List.of(
            new WeightedRewards.Component("right", 2, context -> 0),
            new WeightedRewards.Component("bonus", 1, context -> 0)));

    private static final double[] RIGHT = {1, 0, 0, 1, 1, 1, 1, 1};
    private static final double[] BONUS = {0, 100, 50, 0, 3, 3, 7, 3};
    private static final int[] GROUPS = {0, 0, 0, 0, 1, 1, 1, 1};

    private static List<ScoredRollout> rollouts() {
        List<ScoredRollout> rollouts = new ArrayList<>();
        for (int i = 0; i < RIGHT.length; i++) {
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("right", RIGHT[i]);
            values.put("bonus", BONUS[i]);
            rollouts.add(rollout(
                    GROUPS[i],
                    new WeightedRewards.Score(values, Map.of(), OptionalDouble.of(2 * RIGHT[i] + BONUS[i]))));
        }
        return rollouts;
    }

    private static ScoredRollout rollout(int group, WeightedRewards.Score score) {
        Problem problem = new Problem("p" + group, "1+1=", List.of("2"), null);
        return new ScoredRollout(
                problem,
                group,
                new int[] {1},
                new Completion(new int[] {2}, new float[] {0}, true),
                "2",
                score,
                0,
                new float[0]);
    }

    private static double[] compare(ObjectiveConfig objective, RewardsCombine combine) {
        return new GroupComparison(objective, combine, REWARDS)
                .of(rollouts()).stream().mapToDouble(ScoredRollout::advantage).toArray();
    }

    @Test
    void theSumIsComparedAsTheObjectiveSays() {
        double[] totals = rollouts().stream()
                .mapToDouble(r -> r.score().total().getAsDouble())
                .toArray();
        ObjectiveConfig clamped = ObjectiveConfig.grpo().with(Map.of("negative_clamp", -0.1));
        assertThat(compare(clamped, RewardsCombine.SUM_THEN_NORMALISE))
                .containsExactly(Advantages.of(clamped, totals, GROUPS));
    }

    @Test
    void rewardsComparedApartCountByTheirWeightsWhateverTheirSpread() {
        double[] apart = compare(ObjectiveConfig.grpo(), RewardsCombine.NORMALISE_THEN_SUM);
        // The second group is all right, so its bonus alone decides.
        double[] expected = new double[8];
        double[] right = standardised(RIGHT, 0);
        double[] bonus = standardised(BONUS, 0);
        double[] second = standardised(BONUS, 4);
        for (int i = 0; i < 4; i++) {
            expected[i] = 2 * right[i] + bonus[i];
            expected[4 + i] = second[i];
        }
        assertThat(apart).containsExactly(expected, within(1e-5));
        // The weight of 2 makes right better than a bonus, which in the sum has the last word.
        assertThat(apart[0]).isGreaterThan(apart[1]);
        assertThat(compare(ObjectiveConfig.grpo(), RewardsCombine.SUM_THEN_NORMALISE)[0])
                .isNegative();
    }

    @Test
    void theClampIsOfTheSumOfAdvantages() {
        double[] clamped =
                compare(ObjectiveConfig.grpo().with(Map.of("negative_clamp", -0.1)), RewardsCombine.NORMALISE_THEN_SUM);
        double[] free = compare(ObjectiveConfig.grpo(), RewardsCombine.NORMALISE_THEN_SUM);
        for (int i = 0; i < free.length; i++) {
            assertThat(clamped[i]).isEqualTo(Math.max(free[i], -0.1));
        }
    }

    @Test
    void completionsThatCouldNotBeScoredTakeNoPart() {
        List<ScoredRollout> rollouts = rollouts();
        rollouts.add(
                1, rollout(0, new WeightedRewards.Score(Map.of(), Map.of("right", "fault"), OptionalDouble.empty())));
        GroupComparison comparison =
                new GroupComparison(ObjectiveConfig.grpo(), RewardsCombine.NORMALISE_THEN_SUM, REWARDS);
        List<ScoredRollout> compared = comparison.of(rollouts);
        assertThat(compared.get(1).advantage()).isZero();
        compared.remove(1);
        assertThat(compared)
                .extracting(ScoredRollout::advantage)
                .isEqualTo(comparison.of(rollouts()).stream()
                        .map(ScoredRollout::advantage)
                        .toList());
        assertThat(comparison.of(rollouts.subList(1, 2)).get(0).advantage()).isZero();
    }

    @Test
    void groupsOfEqualRewardsHaveNoSpread() {
        GroupComparison comparison =
                new GroupComparison(ObjectiveConfig.grpo(), RewardsCombine.SUM_THEN_NORMALISE, REWARDS);
        List<ScoredRollout> compared = comparison.of(rollouts());
        assertThat(GroupComparison.withSpread(compared)).containsExactlyInAnyOrder(0, 1);
        List<ScoredRollout> equal =
                comparison.of(List.of(rollouts().get(4), rollouts().get(5)));
        assertThat(GroupComparison.withSpread(equal)).isEmpty();
    }

    private static double[] standardised(double[] values, int first) {
        double mean = 0;
        for (int i = 0; i < 4; i++) {
            mean += values[first + i] / 4;
        }
        double variance = 0;
        for (int i = 0; i < 4; i++) {
            variance += Math.pow(values[first + i] - mean, 2) / 4;
        }
        double[] result = new double[4];
        for (int i = 0; i < 4; i++) {
            result[i] = (values[first + i] - mean) / Math.sqrt(variance);
        }
        return result;
    }
}
