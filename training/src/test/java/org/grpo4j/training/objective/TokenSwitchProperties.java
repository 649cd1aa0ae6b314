package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.EligibilityTrace.Style;

/** Laws of the switches around the loss and of our additions, on the graph that trains, in DOUBLE. */
class TokenSwitchProperties {

    private static final ObjectiveConfig GRPO = ObjectiveConfig.grpo();
    private static final double TINY = 1e-10;
    private static final int TRIES = 12;

    /** What the control is for: on-policy it cannot be told from the trace, off-policy it has no trace in the ratio. */
    @Property(tries = TRIES)
    void onPolicyPositionWeightsAreTheTrace(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda,
            @ForAll TraceNormalisation normalisation,
            @ForAll @DoubleRange(min = 0.05, max = 1) double share,
            @ForAll @DoubleRange(min = 0.2, max = 1) double masked) {
        Map<String, Double> mask = Map.of("top_entropy", masked);
        ObjectiveConfig traced =
                traced("e-trace", style, lambda, normalisation, share).with(mask);
        ObjectiveConfig weighted =
                traced("position-weight", style, lambda, normalisation, share).with(mask);
        Batch.Outcome expected = batch.evaluate(traced, factors(traced, batch));
        Batch.Outcome actual = batch.evaluate(weighted, factors(weighted, batch));
        for (int i = 0; i < batch.size(); i++) {
            assertThat(actual.gradient().get(i))
                    .containsExactly(expected.gradient().get(i), within(TINY));
        }
    }

    @Property(tries = TRIES)
    void positionWeightsLeaveTheRatioAlone(@ForAll(supplier = Batch.Supplier.class) Batch batch, @ForAll Style style) {
        ObjectiveConfig weighted = traced("position-weight", style, 0.9, TraceNormalisation.NONE, 1);
        BatchTotals totals = BatchTotals.of(batch.lengths());
        ObjectiveMetrics plain = batch.evaluate(GRPO).sums().over(GRPO, totals);
        ObjectiveMetrics control = batch.evaluate(weighted).sums().over(weighted, totals);
        assertThat(control.meanRatio()).isEqualTo(plain.meanRatio());
        assertThat(control.maxAbsZ()).isEqualTo(plain.maxAbsZ());
    }

    /** The definition, entry by entry: {@code W[t,j]} for j = t and for the remembered j. */
    @Property(tries = TRIES)
    void selectiveTraceIsItsDenseMatrix(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda,
            @ForAll TraceNormalisation normalisation,
            @ForAll @DoubleRange(min = 0.05, max = 1) double share) {
        ObjectiveConfig config = traced("e-trace", style, lambda, normalisation, share);
        ObjectiveConfig late = traced("e-weight", style, lambda, TraceNormalisation.NONE, share);
        double[][] kept = TokenFactors.topEntropy(batch.entropies(), share);
        TokenWeights lateWeights = TokenWeights.of(
                late,
                new double[batch.size()],
                batch.lengths(),
                new BatchTotals(1, batch.time()),
                factors(late, batch),
                batch.size(),
                batch.time());
        double absolute = 0;
        double largest = 0;
        for (int i = 0; i < batch.size(); i++) {
            double[] d = batch.completions().get(i).tokens().stream()
                    .mapToDouble(Batch.Token::drift)
                    .toArray();
            for (int t = 0; t < d.length; t++) {
                double z = 0;
                double sum = 0;
                for (int j = 0; j <= t; j++) {
                    double weight = j == t || kept[i][j] == 1 ? new EligibilityTrace(style, lambda).weight(t, j) : 0;
                    z += weight * d[j];
                    sum += weight;
                }
                z /= normalisation == TraceNormalisation.ROW ? sum : 1;
                absolute += Math.abs(z);
                largest = Math.max(largest, Math.abs(z));
                assertThat(lateWeights.surrogate()[i][t] * d.length).isCloseTo(sum, within(TINY));
            }
        }
        BatchTotals totals = BatchTotals.of(batch.lengths());
        ObjectiveMetrics metrics =
                batch.evaluate(config, factors(config, batch)).sums().over(config, totals);
        assertThat(metrics.meanAbsZ() * totals.tokens()).isCloseTo(absolute, within(TINY));
        assertThat(metrics.maxAbsZ()).isCloseTo(largest, within(TINY));
    }

    /** A decay that is an input of the graph gives the same as one that is a constant, and without memory it is GRPO. */
    @Property(tries = TRIES)
    void scheduledDecayIsTheConstantOne(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll Trace trace,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda,
            @ForAll TraceNormalisation normalisation) {
        if (trace == Trace.NONE) {
            return;
        }
        ObjectiveConfig constant =
                traced(ObjectiveJson.MAPPER.valueToTree(trace).asText(), style, lambda, normalisation, 1);
        ObjectiveConfig scheduled = constant.with(
                Map.of("lambda", 0.3, "lambda_schedule", Map.of("final", lambda, "steps", 4, "shape", "cosine")));
        assertSame(batch.evaluate(scheduled.at(5)), batch.evaluate(constant));
        assertSame(batch.evaluate(scheduled.withoutMemory()), batch.evaluate(GRPO));
    }

    @Property(tries = TRIES)
    void onlyTokensOfTopEntropyHaveAGradient(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll @DoubleRange(min = 0.05, max = 1) double share) {
        ObjectiveConfig config = GRPO.with(Map.of("top_entropy", share));
        double[][] kept = TokenFactors.topEntropy(batch.entropies(), share);
        Batch.Outcome masked = batch.evaluate(config, factors(config, batch));
        Batch.Outcome plain = batch.evaluate(GRPO);
        double lowestKept = Double.POSITIVE_INFINITY;
        double highestDropped = Double.NEGATIVE_INFINITY;
        int count = 0;
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < kept[i].length; t++) {
                assertThat(masked.gradient().get(i)[t])
                        .isCloseTo(kept[i][t] * plain.gradient().get(i)[t], within(TINY));
                double entropy = batch.entropies()[i][t];
                if (kept[i][t] == 1) {
                    count++;
                    lowestKept = Math.min(lowestKept, entropy);
                } else {
                    highestDropped = Math.max(highestDropped, entropy);
                }
            }
        }
        assertThat(lowestKept).isGreaterThan(highestDropped);
        assertThat(count).isGreaterThanOrEqualTo((int)
                Math.ceil(share * Arrays.stream(batch.lengths()).sum() - 1e-9));
    }

    @Property(tries = TRIES)
    void entropyBonusIsTheWeighedMeanEntropy(
            @ForAll(supplier = Batch.Supplier.class) Batch batch, @ForAll Aggregation aggregation) {
        ObjectiveConfig plain = GRPO.with(
                Map.of("aggregation", (Object) ObjectiveJson.MAPPER.valueToTree(aggregation), "max_length", 12));
        double bonus = plain.with(Map.of("entropy_bonus", 0.5)).entropyBonus();
        double mean = 0;
        double[][] entropies = batch.entropies();
        for (double[] row : entropies) {
            double weight = switch (aggregation) {
                case SEQUENCE_MEAN -> 1.0 / (entropies.length * row.length);
                case TOKEN_MEAN -> 1.0 / Arrays.stream(batch.lengths()).sum();
                case CONSTANT -> 1.0 / (entropies.length * 12);
            };
            mean += Arrays.stream(row).sum() * weight;
        }
        double with = batch.evaluate(plain.with(Map.of("entropy_bonus", 0.5))).loss();
        assertThat(with).isCloseTo(batch.evaluate(plain).loss() - bonus * mean, within(TINY));
    }

    @Example
    void theShareOfTokensIsThatOfTheWholeBatch() {
        double[][] entropies = {{0.1, 2.0, 0.3}, {1.5}, {0.2, 0.4, 0.5, 0.6, 0.7, 1.5}};
        assertThat(TokenFactors.topEntropy(entropies, 0.2))
                .isDeepEqualTo(new double[][] {{0, 1, 0}, {1}, {0, 0, 0, 0, 0, 1}});
        assertThat(TokenFactors.topEntropy(entropies, 0.01))
                .isDeepEqualTo(new double[][] {{0, 1, 0}, {0}, {0, 0, 0, 0, 0, 0}});
        assertThat(TokenFactors.topEntropy(entropies, 1)[2]).containsOnly(1);
    }

    @Example
    void importanceWeightsAreTruncatedOrMasked() {
        double high = Math.log(3);
        double low = Math.log(0.25);
        assertThat(ImportanceCorrection.TRUNCATED.weight(high, 2)).isEqualTo(2);
        assertThat(ImportanceCorrection.TRUNCATED.weight(low, 2)).isCloseTo(0.25, within(TINY));
        assertThat(ImportanceCorrection.MASKED.weight(high, 2)).isZero();
        assertThat(ImportanceCorrection.MASKED.weight(low, 2)).isZero();
        assertThat(ImportanceCorrection.MASKED.weight(high, 4)).isCloseTo(3, within(TINY));
        assertThat(ImportanceCorrection.MASKED.weight(low, 4)).isCloseTo(0.25, within(TINY));
        assertThat(ImportanceCorrection.NONE.weight(high, 2)).isEqualTo(1);
        ObjectiveConfig both = GRPO.with(Map.of("importance_correction", "truncated", "top_entropy", 0.5));
        TokenFactors factors = TokenFactors.of(
                both, new TokenFactors.FirstPass(new double[][] {{1, 2}, {3, 0}}, new double[][] {{0, high}, {0, high}
                }));
        assertThat(factors.surrogate()).isDeepEqualTo(new double[][] {{0, 2}, {1, 0}});
        assertThat(factors.subset(1).surrogate()).isDeepEqualTo(new double[][] {{1, 0}});
    }

    @Example
    void lambdaMovesFromItsFirstValueToItsLastAndStays() {
        LambdaSchedule linear = new LambdaSchedule(0.5, 4, null);
        assertThat(List.of(linear.at(0.9, 1), linear.at(0.9, 3), linear.at(0.9, 5), linear.at(0.9, 99)))
                .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : Double.compare(a, b))
                .containsExactly(0.9, 0.7, 0.5, 0.5);
        LambdaSchedule cosine = new LambdaSchedule(1, 4, LambdaSchedule.Shape.COSINE);
        assertThat(cosine.at(0, 2)).isCloseTo((1 - Math.sqrt(0.5)) / 2, within(1e-12));
        assertThat(cosine.at(0, 5)).isEqualTo(1);
    }

    private static ObjectiveConfig traced(
            String trace, Style style, double lambda, TraceNormalisation normalisation, double share) {
        Map<String, Object> keys = new HashMap<>(Map.of("trace", trace, "lambda", lambda));
        keys.put("style", ObjectiveJson.MAPPER.valueToTree(style));
        keys.put("trace_normalisation", ObjectiveJson.MAPPER.valueToTree(normalisation));
        if (share < 1) {
            keys.putAll(Map.of("trace_tokens", "top-entropy", "trace_share", share));
        }
        return GRPO.with(keys);
    }

    private static TokenFactors factors(ObjectiveConfig config, Batch batch) {
        return TokenFactors.of(config, TokenFactors.FirstPass.withoutGaps(batch.entropies()));
    }

    private static void assertSame(Batch.Outcome actual, Batch.Outcome expected) {
        assertThat(actual.loss()).isCloseTo(expected.loss(), within(TINY));
        for (int i = 0; i < expected.gradient().size(); i++) {
            assertThat(actual.gradient().get(i))
                    .containsExactly(expected.gradient().get(i), within(TINY));
        }
    }
}
