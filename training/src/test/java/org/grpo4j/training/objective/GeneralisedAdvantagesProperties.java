package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.EligibilityTrace.Style;

/** GAE(γ, λ) by its definition, its limits, and its tie to the eligibility trace. */
class GeneralisedAdvantagesProperties {

    /** A completion of as many tokens as it has values. */
    record Valued(double reward, List<Double> values) {}

    @Provide
    Arbitrary<List<Valued>> batches() {
        Arbitrary<Double> numbers = Arbitraries.integers().between(-20, 20).map(tenths -> tenths / 10.0);
        Arbitrary<Valued> one = Combinators.combine(
                        numbers, numbers.list().ofMinSize(1).ofMaxSize(12))
                .as(Valued::new);
        return one.list().ofMinSize(1).ofMaxSize(5);
    }

    /** A_t = Σ_l (γλ)^l (r_(t+l) + γ V_(t+l+1) − V_(t+l)), term by term. */
    @Property
    void advantagesAreDiscountedSumsOfTheCriticsErrors(
            @ForAll("batches") List<Valued> batch,
            @ForAll @DoubleRange(max = 1) double gamma,
            @ForAll @DoubleRange(max = 1) double lambda) {
        GeneralisedAdvantages found = estimate(batch, gamma, lambda);
        for (int i = 0; i < batch.size(); i++) {
            double[] v = values(batch.get(i));
            for (int t = 0; t < v.length; t++) {
                double sum = 0;
                for (int l = 0; t + l < v.length; l++) {
                    boolean last = t + l == v.length - 1;
                    double next = last ? 0 : v[t + l + 1];
                    double reward = last ? batch.get(i).reward : 0;
                    sum += Math.pow(gamma * lambda, l) * (reward + gamma * next - v[t + l]);
                }
                assertThat(found.advantages()[i][t]).isCloseTo(sum, within(1e-10));
                assertThat(found.returns()[i][t]).isCloseTo(sum + v[t], within(1e-10));
            }
        }
    }

    @Property
    void withoutDiscountTheReturnIsTheReward(@ForAll("batches") List<Valued> batch) {
        GeneralisedAdvantages found = estimate(batch, 1, 1);
        for (int i = 0; i < batch.size(); i++) {
            double reward = batch.get(i).reward;
            assertThat(found.returns()[i]).usingComparatorWithPrecision(1e-10).containsOnly(reward);
        }
    }

    /** A critic that is always right leaves nothing to learn, whatever λ is. */
    @Property
    void aPerfectCriticLeavesNoAdvantage(
            @ForAll("batches") List<Valued> batch,
            @ForAll @DoubleRange(max = 1) double gamma,
            @ForAll @DoubleRange(max = 1) double lambda) {
        List<Valued> known = batch.stream()
                .map(one -> {
                    int length = one.values.size();
                    return new Valued(
                            one.reward,
                            IntStream.range(0, length)
                                    .mapToObj(t -> one.reward * Math.pow(gamma, length - 1 - t))
                                    .toList());
                })
                .toList();
        for (double[] row : estimate(known, gamma, lambda).advantages()) {
            assertThat(row).usingComparatorWithPrecision(1e-10).containsOnly(0.0);
        }
    }

    /** ⟨A, d⟩ = ⟨δ, W d⟩: errors spread backwards are log-ratios traced forwards (P1). */
    @Property
    void theyAreTheEligibilityTraceReadBackwards(
            @ForAll("batches") List<Valued> batch, @ForAll @DoubleRange(max = 1) double lambda) {
        GeneralisedAdvantages found = estimate(batch, 0.9, lambda);
        EligibilityTrace trace = new EligibilityTrace(Style.RECENT, 0.9 * lambda);
        for (int i = 0; i < batch.size(); i++) {
            double[] v = values(batch.get(i));
            double[] d = IntStream.range(0, v.length)
                    .mapToDouble(t -> Math.sin(3 * t + 1))
                    .toArray();
            double[] errors = GeneralisedAdvantages.errors(0.9, batch.get(i).reward, v);
            assertThat(dot(found.advantages()[i], d)).isCloseTo(dot(errors, trace.product(d)), within(1e-9));
        }
    }

    @Property
    void whitenedAdvantagesHaveMeanZeroAndUnitSpreadOverAllTokens(@ForAll("batches") List<Valued> batch) {
        ObjectiveConfig config = config(1, 0.95);
        double[] raw = flat(estimate(batch, 1, 0.95).advantages());
        double[] whitened = flat(estimate(batch, 1, 0.95).forLoss(config, true));
        assertThat(DoubleStream.of(whitened).average().orElseThrow()).isCloseTo(0, within(1e-6));
        double spread = DoubleStream.of(raw).max().orElseThrow()
                - DoubleStream.of(raw).min().orElseThrow();
        if (spread > 1e-3) {
            assertThat(DoubleStream.of(whitened).map(a -> a * a).average().orElseThrow())
                    .isCloseTo(1, within(1e-4));
        }
        double[] clamped = flat(estimate(batch, 1, 0.95).forLoss(config.with(Map.of("negative_clamp", -0.1)), false));
        assertThat(clamped)
                .containsExactly(
                        DoubleStream.of(raw).map(a -> Math.max(a, -0.1)).toArray());
    }

    private static GeneralisedAdvantages estimate(List<Valued> batch, double gamma, double lambda) {
        return GeneralisedAdvantages.of(
                config(gamma, lambda),
                batch.stream().mapToDouble(Valued::reward).toArray(),
                batch.stream().map(GeneralisedAdvantagesProperties::values).toArray(double[][]::new));
    }

    private static ObjectiveConfig config(double gamma, double lambda) {
        return ObjectiveConfig.preset("ppo", Map.of("gamma", gamma, "lambda", lambda));
    }

    private static double[] values(Valued one) {
        return one.values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double dot(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
