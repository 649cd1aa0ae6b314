package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws P13 and P14 of the objective. */
class AdvantagesProperties {

    private static final double EPSILON = 1e-6;

    @Property
    void sumOfAGroupIsZero(
            @ForAll AdvantageKind kind,
            @ForAll @Size(7) List<@DoubleRange(min = -10, max = 10) Double> rewards,
            @ForAll @Size(7) List<@IntRange(min = 0, max = 2) Integer> groups) {
        double[] advantages = Advantages.groupRelative(kind, doubles(rewards), ints(groups), EPSILON);
        double[] sums = new double[3];
        for (int i = 0; i < groups.size(); i++) {
            sums[groups.get(i)] += advantages[i];
        }
        double largest = Arrays.stream(advantages).map(Math::abs).max().orElseThrow();
        assertThat(sums).containsOnly(new double[] {0, 0, 0}, within(1e-7 * (1 + largest)));
    }

    @Property
    void addingToAllRewardsChangesNothing(
            @ForAll AdvantageKind kind,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 20) Integer> rewards,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 2) Integer> groups,
            @ForAll @IntRange(min = -50, max = 50) int shift) {
        double[] shifted = rewards.stream().mapToDouble(r -> r + shift).toArray();
        assertThat(Advantages.groupRelative(kind, shifted, ints(groups), EPSILON))
                .containsExactly(Advantages.groupRelative(kind, doubles(rewards), ints(groups), EPSILON), within(1e-9));
    }

    @Property
    void scalingAllRewardsScalesOnlyWhatIsNotDividedByTheSpread(
            @ForAll AdvantageKind kind,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 20) Integer> rewards,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 2) Integer> groups,
            @ForAll @DoubleRange(min = 0.1, max = 10) double scale) {
        double[] scaled = rewards.stream().mapToDouble(r -> r * scale).toArray();
        boolean divided = kind == AdvantageKind.GROUP_STD || kind == AdvantageKind.BATCH_STD;
        double[] expected = Arrays.stream(Advantages.groupRelative(kind, doubles(rewards), ints(groups), 0))
                .map(advantage -> divided ? advantage : advantage * scale)
                .toArray();
        assertThat(Advantages.groupRelative(kind, scaled, ints(groups), 0)).containsExactly(expected, within(1e-9));
    }

    @Property
    void reorderingTheBatchReordersTheAdvantages(
            @ForAll AdvantageKind kind,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 5) Integer> rewards,
            @ForAll @Size(6) List<@IntRange(min = 0, max = 2) Integer> groups,
            @ForAll @IntRange(min = 0, max = 5) int shift) {
        double[] movedRewards = new double[6];
        int[] movedGroups = new int[6];
        for (int i = 0; i < 6; i++) {
            movedRewards[i] = rewards.get((i + shift) % 6);
            movedGroups[i] = groups.get((i + shift) % 6);
        }
        double[] straight = Advantages.groupRelative(kind, doubles(rewards), ints(groups), EPSILON);
        double[] moved = Advantages.groupRelative(kind, movedRewards, movedGroups, EPSILON);
        for (int i = 0; i < 6; i++) {
            assertThat(moved[i]).isCloseTo(straight[(i + shift) % 6], within(1e-12));
        }
    }

    @Property
    void equalRewardsGiveExactlyZero(
            @ForAll AdvantageKind kind,
            @ForAll @DoubleRange(min = -1e3, max = 1e3) double reward,
            @ForAll @IntRange(min = 1, max = 9) int size) {
        double[] rewards = new double[size];
        Arrays.fill(rewards, reward);
        assertThat(Advantages.groupRelative(kind, rewards, new int[size], 0)).containsOnly(0.0);
    }

    @Property
    void clampIsIdempotentMonotoneAndABound(
            @ForAll @Size(5) List<@DoubleRange(min = -3, max = 3) Double> advantages,
            @ForAll @DoubleRange(min = -2, max = -0.01) double floor,
            @ForAll @DoubleRange(min = 0, max = 1) double more) {
        double[] once = Advantages.clamp(doubles(advantages), floor);
        assertThat(Advantages.clamp(once, floor)).containsExactly(once);
        double[] raised =
                Advantages.clamp(advantages.stream().mapToDouble(a -> a + more).toArray(), floor);
        for (int i = 0; i < once.length; i++) {
            assertThat(once[i]).isGreaterThanOrEqualTo(Math.max(floor, advantages.get(i)));
            assertThat(raised[i]).isGreaterThanOrEqualTo(once[i]);
        }
        assertThat(Advantages.clamp(doubles(advantages), null)).containsExactly(doubles(advantages));
    }

    @Example
    void rewardsThatAreNotNumbersAreRefusedByPosition() {
        assertThatThrownBy(() -> Advantages.groupRelative(
                        AdvantageKind.GROUP_STD, new double[] {1, Double.NaN}, new int[] {0, 0}, EPSILON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rewards[1]")
                .hasMessageContaining("NaN");
    }

    private static double[] doubles(List<? extends Number> values) {
        return values.stream().mapToDouble(Number::doubleValue).toArray();
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
