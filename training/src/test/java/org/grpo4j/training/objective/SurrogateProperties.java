package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Laws P15, P20 and P21: the per-token terms. */
class SurrogateProperties {

    /** And the definition by min and max, entry by entry. */
    @Property(tries = 60)
    void p15SurrogateIsTheLesserOfTheClippedAndTheUnclippedTerm(
            @ForAll("tokens") List<RatioAndAdvantage> tokens,
            @ForAll @DoubleRange(min = 0, max = 0.9) double low,
            @ForAll @DoubleRange(min = 0, max = 0.9) double high,
            @ForAll boolean dual) {
        Map<String, Object> settings = new HashMap<>(Map.of("clip_low", low, "clip_high", high));
        settings.put("dual_clip", dual ? 3.0 : null);
        ObjectiveConfig config = ObjectiveConfig.grpo().with(settings);
        SameDiff sd = SameDiff.create();
        SDVariable ratio = sd.placeHolder("ratio", DataType.DOUBLE, 1, tokens.size());
        SDVariable advantage = sd.placeHolder("advantage", DataType.DOUBLE, 1, tokens.size());
        SDVariable value =
                SurrogateTerm.of(config, ratio, advantage, () -> ratio).value();
        Map<String, INDArray> feed = Map.of(
                "ratio",
                        row(tokens.stream()
                                .mapToDouble(RatioAndAdvantage::ratio)
                                .toArray()),
                "advantage",
                        row(tokens.stream()
                                .mapToDouble(RatioAndAdvantage::advantage)
                                .toArray()));
        double[] terms = sd.outputSingle(feed, value.name()).toDoubleMatrix()[0];
        for (int i = 0; i < terms.length; i++) {
            double rho = tokens.get(i).ratio;
            double a = tokens.get(i).advantage;
            double expected = Math.min(rho * a, Math.max(1 - low, Math.min(1 + high, rho)) * a);
            if (dual && a < 0) {
                expected = Math.max(expected, 3 * a);
            } else {
                assertThat(terms[i]).isLessThanOrEqualTo(rho * a + 1e-15);
            }
            assertThat(terms[i]).isEqualTo(expected, within(1e-14));
        }
    }

    /** One token. */
    record RatioAndAdvantage(double ratio, double advantage) {}

    @Provide
    Arbitrary<List<RatioAndAdvantage>> tokens() {
        Arbitrary<Double> ratios = Arbitraries.doubles().between(0, 4).ofScale(2);
        Arbitrary<Double> advantages = Arbitraries.doubles().between(-2, 2).ofScale(1);
        return Combinators.combine(ratios, advantages)
                .as(RatioAndAdvantage::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    /** Clipping can only take away from what is maximised, whatever the credit. */
    @Property(tries = 25)
    void p15ClippingNeverLowersTheLoss(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig any) {
        ObjectiveConfig config = Outcomes.withoutDualClip(any).with(Map.of("surrogate", "clip"));
        ObjectiveConfig unclipped = config.with(Map.of("clip_low", 1e6, "clip_high", 1e6));
        assertThat(batch.evaluate(config).loss())
                .isGreaterThanOrEqualTo(batch.evaluate(unclipped).loss() - 1e-12);
    }

    @Property(tries = 60)
    void p20K3IsPositiveExceptWhereThePoliciesAgree(
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = -3, max = 3) Double> drifts) {
        double[] kl = estimate(KlEstimator.K3, drifts);
        for (int i = 0; i < kl.length; i++) {
            double drift = drifts.get(i);
            // Below this size the value itself is smaller than the rounding of exp.
            if (Math.abs(drift) > 1e-6) {
                assertThat(kl[i]).isPositive();
            } else {
                assertThat(kl[i]).isCloseTo(0, within(1e-12));
            }
            assertThat(drift != 0 || kl[i] == 0).isTrue();
        }
    }

    /** What the three estimators say about one another: k1 is the log-ratio, k2 its half square, k3 unbiases k1. */
    @Property(tries = 60)
    void p20EstimatorsAgreeAsFarAsTheyShould(
            @ForAll @Size(min = 1, max = 6) List<@DoubleRange(min = -3, max = 3) Double> drifts) {
        double[] k1 = estimate(KlEstimator.K1, drifts);
        double[] k2 = estimate(KlEstimator.K2, drifts);
        double[] k3 = estimate(KlEstimator.K3, drifts);
        for (int i = 0; i < k1.length; i++) {
            assertThat(k1[i]).isEqualTo(-drifts.get(i));
            assertThat(k2[i]).isCloseTo(k1[i] * k1[i] / 2, within(1e-14));
            assertThat(k3[i] - k1[i]).isCloseTo(Math.expm1(drifts.get(i)), within(1e-13));
        }
    }

    /** The reported KL of a batch is k3 whatever the loss uses: never negative, 0 if and only if the policies agree. */
    @Property(tries = 25)
    void p20ReportedKlIsPositiveUnlessThePoliciesAgree(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        Batch agreeing = batch.withTokens(tokens -> tokens.stream()
                .map(token -> new Batch.Token(token.old(), token.drift(), 0))
                .toList());
        boolean apart = batch.completions().stream()
                .flatMap(completion -> completion.tokens().stream())
                .anyMatch(token -> token.reference() != 0);
        assertThat(reportedKl(agreeing, config)).isZero();
        assertThat(reportedKl(batch, config) > 0).isEqualTo(apart);
    }

    private static double reportedKl(Batch batch, ObjectiveConfig config) {
        Double kl = batch.evaluate(config)
                .sums()
                .over(config, BatchTotals.of(batch.lengths()))
                .meanKlK3();
        assertThat(kl).isNotNull();
        return kl;
    }

    @Property(tries = 4)
    void p21NothingOverflowsOnLongCompletionsWithLargeDrift(
            @ForAll @DoubleRange(min = 0, max = 1) double lambda, @ForAll boolean upwards) {
        int time = 4096;
        double[][] current = new double[1][time];
        double[][] old = new double[1][time];
        Arrays.fill((upwards ? old : current)[0], -50);
        ObjectiveConfig config =
                ObjectiveConfig.grpo().with(Map.of("trace", "e-trace", "style", "both", "lambda", lambda));
        BatchTotals totals = new BatchTotals(1, time);
        TokenWeights weights = TokenWeights.of(config, new double[] {1}, new int[] {time}, totals, 1, time);
        ObjectiveGraph.Tokens tokens = new ObjectiveGraph.Tokens(current, old, null, null);
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, DataType.FLOAT)) {
            ObjectiveGraph.Evaluation evaluation = graph.evaluate(weights, tokens);
            assertThat(evaluation.loss()).isFinite();
            for (double slope : evaluation.gradient()[0]) {
                assertThat(slope).isFinite();
            }
            assertThat(evaluation.sums().over(config, totals).maxAbsZ()).isFinite();
        }
    }

    private static double[] estimate(KlEstimator estimator, List<Double> drifts) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, 1, drifts.size());
        INDArray feed = row(drifts.stream().mapToDouble(Double::doubleValue).toArray());
        return sd.outputSingle(Map.of("x", feed), estimator.of(x).name()).toDoubleMatrix()[0];
    }

    private static INDArray row(double[] values) {
        return Nd4j.create(new double[][] {values});
    }
}
