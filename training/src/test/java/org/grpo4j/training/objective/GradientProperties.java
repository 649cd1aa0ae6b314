package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.grpo4j.training.objective.Outcomes.GRPO;
import static org.grpo4j.training.objective.Outcomes.TINY;
import static org.grpo4j.training.objective.Outcomes.traced;

import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Laws P11, P12 and the gradient's half of P21, on the graph that trains, in DOUBLE, over ragged batches. */
class GradientProperties {

    private static final int TRIES = 20;

    /** On-policy identity of section 3: each token's advantage is multiplied by the column sum of the weights. */
    @Property(tries = TRIES)
    void p11OnPolicyTheTraceScalesTheAdvantageOfEachTokenByItsColumnSum(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        ObjectiveConfig config = traced(Trace.E_TRACE, style, lambda);
        Batch.Outcome traced = batch.evaluate(config);
        Batch.Outcome plain = batch.evaluate(GRPO);
        assertThat(traced.loss()).isCloseTo(plain.loss(), within(TINY));
        for (int i = 0; i < batch.size(); i++) {
            double[] grpo = plain.gradient().get(i);
            double[] c = config.eligibilityTrace().columnSums(grpo.length);
            assertThat(traced.gradient().get(i)).containsExactly(product(grpo, c), within(1e-10));
        }
    }

    /** The mirror image of section 3: late tokens instead of early ones. */
    @Property(tries = TRIES)
    void p11OnPolicyTheWeightScalesTheAdvantageOfEachTokenByItsRowSum(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        ObjectiveConfig config = traced(Trace.E_WEIGHT, style, lambda);
        Batch.Outcome weighted = batch.evaluate(config);
        Batch.Outcome plain = batch.evaluate(GRPO);
        for (int i = 0; i < batch.size(); i++) {
            double[] grpo = plain.gradient().get(i);
            double[] w = config.eligibilityTrace().rowSums(grpo.length);
            assertThat(weighted.gradient().get(i)).containsExactly(product(grpo, w), within(1e-10));
        }
    }

    /**
     * The same for every combination of switches and without GRPO to compare with: on-policy all ratios are 1, nothing is
     * clipped, and the slope of the loss in each exponent is minus the token's credit. The reference policy adds the slope of
     * its estimator.
     */
    @Property(tries = 2 * TRIES)
    void p11OnPolicyTheGradientIsTheCreditOfEachToken(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig any) {
        ObjectiveConfig config = Configs.withoutAdditions(any);
        Batch.Outcome outcome = batch.evaluate(config);
        double loss = 0;
        for (int i = 0; i < batch.size(); i++) {
            double[] credit = batch.credit(config, i);
            double[][] slopes = batch.slopes(config, i);
            boolean passed = config.surrogate() == Surrogate.CLIP;
            double[] expected = new double[credit.length];
            for (int t = 0; t < credit.length; t++) {
                Batch.Token token = batch.completions().get(i).tokens().get(t);
                for (int j = 0; j < credit.length; j++) {
                    double slope = t == j ? 1 : 0;
                    expected[j] -= credit[t] * (passed ? slopes[t][j] : slope);
                }
                double beta = config.beta() * batch.share(config, i);
                double x = token.reference();
                expected[t] += beta * klSlope(config.kl(), x);
                loss += beta * kl(config.kl(), x) - credit[t] * (passed ? 1 : token.old());
            }
            assertThat(outcome.gradient().get(i))
                    .as("gradient of completion %d", i)
                    .containsExactly(expected, within(1e-10));
        }
        assertThat(outcome.loss()).isCloseTo(loss, within(1e-10));
    }

    @Property(tries = 12)
    void p12GradientOfTheGraphIsThatOfFiniteDifferences(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig any) {
        // CISPO stops the gradient of its ratio on purpose, so its gradient is not the slope of its value.
        ObjectiveConfig config = any.with(Map.of("surrogate", "clip"));
        Assume.that(isAwayFromKinks(batch, config));
        TokenWeights weights = TokenWeights.of(
                config,
                batch.advantages(config),
                batch.lengths(),
                BatchTotals.of(batch.lengths()),
                batch.size(),
                batch.time());
        ObjectiveGraph.Tokens tokens = batch.tokens(batch.size(), batch.time(), 0);
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, DataType.DOUBLE)) {
            INDArray computed = Nd4j.create(graph.evaluate(weights, tokens).gradient());
            INDArray numerical = FiniteDifferences.gradient(
                    graph.graph(), graph.lossName(), ObjectiveGraph.LOGP_NEW, graph.feed(weights, tokens), 1e-6);
            double error = computed.sub(numerical).amaxNumber().doubleValue();
            assertThat(error).isLessThan(1e-8 * (1 + numerical.amaxNumber().doubleValue()));
        }
    }

    /** What finite differences cannot see: the ratio of CISPO only weighs, and it is capped above, never below. */
    @Property(tries = TRIES)
    void p12CisposRatioIsACappedWeight(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig any) {
        ObjectiveConfig config = Outcomes.cispo(Configs.withoutAdditions(any).with(Map.of("beta", 0)));
        Batch.Outcome outcome = batch.evaluate(config);
        double[][] z = batch.exponents(config);
        for (int i = 0; i < batch.size(); i++) {
            double[] credit = batch.credit(config, i);
            double[] expected = new double[credit.length];
            for (int t = 0; t < credit.length; t++) {
                expected[t] = -credit[t] * Math.min(Math.exp(z[i][t]), 1 + config.clipHigh());
            }
            assertThat(outcome.gradient().get(i)).containsExactly(expected, within(1e-10));
        }
    }

    @Property(tries = TRIES)
    void p12ClippedTokensPassNoGradientAndAreCounted(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll @DoubleRange(min = 0.05, max = 0.5) double low,
            @ForAll @DoubleRange(min = 0.05, max = 0.5) double high) {
        ObjectiveConfig config = GRPO.with(Map.of("clip_low", low, "clip_high", high));
        double[] advantages = batch.advantages(config);
        Batch.Outcome outcome = batch.evaluate(config);
        int below = 0;
        int above = 0;
        int tokens = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < batch.lengths()[i]; t++) {
                double ratio =
                        Math.exp(batch.completions().get(i).tokens().get(t).drift());
                Assume.that(Math.abs(ratio - 1 + low) > 1e-9 && Math.abs(ratio - 1 - high) > 1e-9);
                boolean isBelow = ratio < 1 - low && advantages[i] < 0;
                boolean isAbove = ratio > 1 + high && advantages[i] > 0;
                below += isBelow ? 1 : 0;
                above += isAbove ? 1 : 0;
                tokens++;
                boolean still = isBelow || isAbove || advantages[i] == 0;
                assertThat(outcome.gradient().get(i)[t] == 0)
                        .as("whether token %d of completion %d passes no gradient", t, i)
                        .isEqualTo(still);
            }
        }
        ObjectiveMetrics metrics = outcome.sums().over(config, BatchTotals.of(batch.lengths()));
        assertThat(metrics.clipFractionLow() * tokens).isCloseTo(below, within(1e-9));
        assertThat(metrics.clipFractionHigh() * tokens).isCloseTo(above, within(1e-9));
    }

    /** Beyond ±20 an exponent is held: the loss is that of ±20, and nothing pulls the token further. */
    @Property(tries = TRIES)
    void p21ExponentsAreHeldAtTheirLimitAndPassNoGradientBeyondIt(
            @ForAll(supplier = Batch.FarOffPolicy.class) Batch batch) {
        Batch.Outcome outcome = batch.evaluate(GRPO);
        Batch limited = batch.withDrifts(drift -> Math.max(-20, Math.min(20, drift)));
        double loss = limited.evaluate(GRPO).loss();
        assertThat(outcome.loss()).isCloseTo(loss, within(1e-9 * (1 + Math.abs(loss))));
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < batch.lengths()[i]; t++) {
                double drift = batch.completions().get(i).tokens().get(t).drift();
                double slope = outcome.gradient().get(i)[t];
                assertThat(slope).isFinite();
                if (Math.abs(drift) > 20 + 1e-9) {
                    assertThat(slope).as("gradient of d = %s", drift).isZero();
                }
                if (drift > 1 && drift < 20 - 1e-9 && batch.advantages(GRPO)[i] < 0) {
                    assertThat(slope).as("gradient of d = %s", drift).isPositive();
                }
            }
        }
    }

    /** The estimators of section 4 in {@code x = log π_ref − log π}. */
    private static double kl(KlEstimator estimator, double x) {
        return switch (estimator) {
            case K1 -> -x;
            case K2 -> x * x / 2;
            case K3 -> Math.expm1(x) - x;
        };
    }

    /** Their slopes in log π. */
    private static double klSlope(KlEstimator estimator, double x) {
        return switch (estimator) {
            case K1 -> 1;
            case K2 -> -x;
            case K3 -> -Math.expm1(x);
        };
    }

    private static boolean isAwayFromKinks(Batch batch, ObjectiveConfig config) {
        double dual = config.dualClip() == null ? Double.MAX_VALUE : config.dualClip();
        double[] kinks = {1 - config.clipLow(), 1 + config.clipHigh(), dual};
        return Arrays.stream(batch.exponents(config))
                .flatMapToDouble(Arrays::stream)
                .map(Math::exp)
                .allMatch(ratio -> Arrays.stream(kinks).allMatch(kink -> Math.abs(ratio - kink) > 1e-3));
    }

    private static double[] product(double[] a, double[] b) {
        double[] product = new double[a.length];
        Arrays.setAll(product, i -> a[i] * b[i]);
        return product;
    }
}
