package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws P13 and P14 of the objective, over groups of any sizes in any order. */
class AdvantagesProperties {

    private static final double EPSILON = 1e-6;

    /** One completion. */
    record Scored(int group, double reward) {
        @Override
        public String toString() {
            return "group " + group + " reward " + reward;
        }
    }

    /** One to eight completions of up to three groups; quarters add up without rounding. */
    @Provide
    Arbitrary<List<Scored>> batches() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(-20, 20).map(quarters -> quarters / 4.0))
                .as(Scored::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8);
    }

    /** All that compare the completions of a group. */
    @Provide
    Arbitrary<AdvantageKind> kinds() {
        return Arbitraries.of(AdvantageKind.class).filter(kind -> kind != AdvantageKind.GAE);
    }

    @Property
    void p13SumOfAGroupIsZero(@ForAll("kinds") AdvantageKind kind, @ForAll("batches") List<Scored> batch) {
        double[] advantages = advantages(kind, batch, EPSILON);
        double[] sums = new double[3];
        for (int i = 0; i < batch.size(); i++) {
            sums[batch.get(i).group] += advantages[i];
        }
        double largest = Arrays.stream(advantages).map(Math::abs).max().orElseThrow();
        assertThat(sums).containsOnly(new double[] {0, 0, 0}, within(1e-9 * (1 + largest)));
    }

    @Property
    void p13AddingToTheRewardsOfAGroupChangesNothing(
            @ForAll("kinds") AdvantageKind kind,
            @ForAll("batches") List<Scored> batch,
            @ForAll @IntRange(min = -50, max = 50) int shift) {
        double[] shifted = advantages(
                kind,
                batch.stream().map(s -> new Scored(s.group, s.reward + shift)).toList(),
                EPSILON);
        assertThat(shifted).containsExactly(advantages(kind, batch, EPSILON), within(1e-9));
    }

    @Property
    void p13ScalingAllRewardsScalesOnlyWhatIsNotDividedByTheSpread(
            @ForAll("kinds") AdvantageKind kind,
            @ForAll("batches") List<Scored> batch,
            @ForAll @DoubleRange(min = 0.1, max = 10) double scale) {
        boolean divided = kind == AdvantageKind.GROUP_STD || kind == AdvantageKind.BATCH_STD;
        double[] expected = Arrays.stream(advantages(kind, batch, 0))
                .map(advantage -> divided ? advantage : advantage * scale)
                .toArray();
        double[] scaled = advantages(
                kind,
                batch.stream().map(s -> new Scored(s.group, s.reward * scale)).toList(),
                0);
        assertThat(scaled).containsExactly(expected, within(1e-9));
    }

    /** Better rewards have greater advantages, within a group: the sign, which no symmetric law can tell. */
    @Property
    void p13AdvantagesOfAGroupAreInTheOrderOfItsRewards(
            @ForAll("kinds") AdvantageKind kind, @ForAll("batches") List<Scored> batch) {
        double[] advantages = advantages(kind, batch, EPSILON);
        for (int i = 0; i < batch.size(); i++) {
            for (int k = 0; k < batch.size(); k++) {
                if (batch.get(i).group == batch.get(k).group && batch.get(i).reward > batch.get(k).reward) {
                    assertThat(advantages[i]).isGreaterThan(advantages[k]);
                }
            }
        }
    }

    /** What the kinds divide by: differences of advantages are differences of rewards in units of the spread. */
    @Property
    void p13UnitsAreTheSpreadOfTheGroupOrOfTheBatch(
            @ForAll("kinds") AdvantageKind kind,
            @ForAll("batches") List<Scored> batch,
            @ForAll @DoubleRange(min = 0, max = 2) double epsilon) {
        double[] advantages = advantages(kind, batch, epsilon);
        for (int i = 0; i < batch.size(); i++) {
            for (int k = 0; k < batch.size(); k++) {
                int group = batch.get(i).group;
                if (group != batch.get(k).group || batch.get(i).reward == batch.get(k).reward) {
                    continue;
                }
                double[] own = batch.stream()
                        .filter(s -> s.group == group)
                        .mapToDouble(Scored::reward)
                        .toArray();
                double unit = switch (kind) {
                    case GROUP_STD -> spread(own) + epsilon;
                    case GROUP_MEAN -> 1;
                    // The mean of the others moves by 1 / (n - 1) against the reward.
                    case LEAVE_ONE_OUT -> (own.length - 1.0) / own.length;
                    case BATCH_STD ->
                        spread(batch.stream().mapToDouble(Scored::reward).toArray()) + epsilon;
                    case GAE -> throw new AssertionError("compares no groups");
                };
                double rewards = batch.get(i).reward - batch.get(k).reward;
                assertThat((advantages[i] - advantages[k]) * unit).isCloseTo(rewards, within(1e-9));
            }
        }
    }

    /** By the mean square of all differences, which needs no mean of the values. */
    private static double spread(double[] values) {
        double squares = 0;
        for (double a : values) {
            for (double b : values) {
                squares += (a - b) * (a - b);
            }
        }
        return Math.sqrt(squares / 2) / values.length;
    }

    @Property
    void p13ReorderingTheBatchReordersTheAdvantages(
            @ForAll("kinds") AdvantageKind kind, @ForAll("batches") List<Scored> batch, @ForAll Random random) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, batch.size()).boxed().toList());
        Collections.shuffle(order, random);
        double[] straight = advantages(kind, batch, EPSILON);
        double[] moved = advantages(kind, order.stream().map(batch::get).toList(), EPSILON);
        for (int i = 0; i < moved.length; i++) {
            assertThat(moved[i]).isCloseTo(straight[order.get(i)], within(1e-12));
        }
    }

    @Property
    void p13EqualRewardsGiveExactlyZero(
            @ForAll("kinds") AdvantageKind kind,
            @ForAll @DoubleRange(min = -1e3, max = 1e3) double reward,
            @ForAll @IntRange(min = 1, max = 9) int size) {
        double[] rewards = new double[size];
        Arrays.fill(rewards, reward);
        assertThat(Advantages.groupRelative(kind, rewards, new int[size], 0)).containsOnly(0.0);
    }

    @Property
    void p14ClampIsIdempotentMonotoneAndABound(
            @ForAll @Size(min = 1, max = 5) List<@DoubleRange(min = -3, max = 3) Double> advantages,
            @ForAll @DoubleRange(min = -2, max = -0.01) double floor,
            @ForAll @DoubleRange(min = 0, max = 1) double more) {
        double[] plain = advantages.stream().mapToDouble(Double::doubleValue).toArray();
        double[] once = Advantages.clamp(plain, floor);
        assertThat(Advantages.clamp(once, floor)).containsExactly(once);
        double[] raised =
                Advantages.clamp(Arrays.stream(plain).map(a -> a + more).toArray(), floor);
        for (int i = 0; i < once.length; i++) {
            assertThat(once[i]).isGreaterThanOrEqualTo(floor);
            assertThat(once[i] == plain[i] || plain[i] < floor && once[i] == floor)
                    .isTrue();
            assertThat(raised[i]).isGreaterThanOrEqualTo(once[i]);
        }
        assertThat(Advantages.clamp(plain, null)).containsExactly(plain);
    }

    /** The clamp of a configuration is applied to its advantages, after they have been compared. */
    @Property(tries = 100)
    void p14AdvantagesOfAConfigurationAreClampedOnes(
            @ForAll("kinds") AdvantageKind kind,
            @ForAll("batches") List<Scored> batch,
            @ForAll @DoubleRange(min = -2, max = -0.01) double floor) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("advantage", ObjectiveJson.MAPPER.valueToTree(kind));
        settings.put("negative_clamp", floor);
        ObjectiveConfig config = ObjectiveConfig.grpo().with(settings);
        double[] plain = advantages(kind, batch, config.stdEpsilon());
        assertThat(Advantages.of(config, rewards(batch), groups(batch)))
                .containsExactly(Advantages.clamp(plain, floor));
        settings.put("negative_clamp", null);
        assertThat(Advantages.of(config.with(settings), rewards(batch), groups(batch)))
                .containsExactly(plain);
    }

    @Example
    void rewardsThatAreNotNumbersAreRefusedByPosition() {
        assertThatThrownBy(() -> Advantages.groupRelative(
                        AdvantageKind.GROUP_STD, new double[] {1, Double.NaN}, new int[] {0, 0}, EPSILON))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rewards[1]")
                .hasMessageContaining("NaN");
    }

    private static double[] advantages(AdvantageKind kind, List<Scored> batch, double epsilon) {
        return Advantages.groupRelative(kind, rewards(batch), groups(batch), epsilon);
    }

    private static double[] rewards(List<Scored> batch) {
        return batch.stream().mapToDouble(Scored::reward).toArray();
    }

    private static int[] groups(List<Scored> batch) {
        return batch.stream().mapToInt(Scored::group).toArray();
    }
}
