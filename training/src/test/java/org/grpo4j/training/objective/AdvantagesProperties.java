package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
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
            @ForAll @Size(7) double @DoubleRange(min = -10, max = 10) [] rewards,
            @ForAll @Size(7) int @IntRange(min = 0, max = 2) [] groups) {
        double[] advantages = Advantages.groupRelative(kind, rewards, groups, EPSILON);
        double[] sums = new double[3];
        for (int i = 0; i < groups.length; i++) {
            sums[groups[i]] += advantages[i];
        }
        double largest = Arrays.stream(advantages).map(Math::abs).max().orElseThrow();
        assertThat(sums).containsOnly(new double[] {0, 0, 0}, within(1e-7 * (1 + largest)));
    }

    @Property
    void addingToAllRewardsChangesNothing(
            @ForAll AdvantageKind kind,
            @ForAll @Size(6) int @IntRange(min = 0, max = 20) [] rewards,
            @ForAll @Size(6) int @IntRange(min = 0, max = 2) [] groups,
            @ForAll @IntRange(min = -50, max = 50) int shift) {
        double[] shifted = Arrays.stream(rewards).mapToDouble(r -> r + shift).toArray();
        assertThat(Advantages.groupRelative(kind, shifted, groups, EPSILON))
                .containsExactly(Advantages.groupRelative(kind, doubles(rewards), groups, EPSILON), within(1e-9));
    }

    @Property
    void scalingAllRewardsScalesOnlyWhatIsNotDividedByTheSpread(
            @ForAll AdvantageKind kind,
            @ForAll @Size(6) int @IntRange(min = 0, max = 20) [] rewards,
            @ForAll @Size(6) int @IntRange(min = 0, max = 2) [] groups,
            @ForAll @DoubleRange(min = 0.1, max = 10) double scale) {
        double[] scaled = Arrays.stream(rewards).mapToDouble(r -> r * scale).toArray();
        boolean divided = kind == AdvantageKind.GROUP_STD || kind == AdvantageKind.BATCH_STD;
        double[] expected = Arrays.stream(Advantages.groupRelative(kind, doubles(rewards), groups, 0))
                .map(advantage -> divided ? advantage : advantage * scale)
                .toArray();
        assertThat(Advantages.groupRelative(kind, scaled, groups, 0)).containsExactly(expected, within(1e-9));
    }

    @Property
    void reorderingTheBatchReordersTheAdvantages(
            @ForAll AdvantageKind kind,
            @ForAll @Size(6) int @IntRange(min = 0, max = 5) [] rewards,
            @ForAll @Size(6) int @IntRange(min = 0, max = 2) [] groups,
            @ForAll @IntRange(min = 0, max = 5) int shift) {
        double[] movedRewards = new double[6];
        int[] movedGroups = new int[6];
        for (int i = 0; i < 6; i++) {
            movedRewards[i] = rewards[(i + shift) % 6];
            movedGroups[i] = groups[(i + shift) % 6];
        }
        double[] straight = Advantages.groupRelative(kind, doubles(rewards), groups, EPSILON);
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
            @ForAll @Size(5) double @DoubleRange(min = -3, max = 3) [] advantages,
            @ForAll @DoubleRange(min = -2, max = -0.01) double floor,
            @ForAll @DoubleRange(min = 0, max = 1) double more) {
        double[] once = Advantages.clamp(advantages, floor);
        assertThat(Advantages.clamp(once, floor)).containsExactly(once);
        double[] raised =
                Advantages.clamp(Arrays.stream(advantages).map(a -> a + more).toArray(), floor);
        for (int i = 0; i < once.length; i++) {
            assertThat(once[i]).isGreaterThanOrEqualTo(Math.max(floor, advantages[i]));
            assertThat(raised[i]).isGreaterThanOrEqualTo(once[i]);
        }
        assertThat(Advantages.clamp(advantages, null)).containsExactly(advantages);
    }

    @Example
    void rewardsThatAreNotNumbersAreRefusedByPosition() {
        assertThatThrownBy(() -> Advantages.groupRelative(
                        AdvantageKind.GROUP_STD, new double[] {1, Double.NaN}, new int[] {0, 0}, EPSILON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rewards[1]")
                .hasMessageContaining("NaN");
    }

    private static double[] doubles(int[] values) {
        return Arrays.stream(values).asDoubleStream().toArray();
    }
}
