package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Laws of the objective (section 5), each on the graph that trains, in DOUBLE, over ragged batches. */
class ObjectiveProperties {

    private static final ObjectiveConfig GRPO = ObjectiveConfig.grpo();
    private static final double TINY = 1e-11;
    private static final int TRIES = 25;

    // P4
    @Property(tries = TRIES)
    void withoutMemoryEveryTraceIsGrpo(
            @ForAll(supplier = Batch.Supplier.class) Batch batch, @ForAll Trace trace, @ForAll Style style) {
        ObjectiveConfig config = traced(trace, style, 0);
        assertSame(batch.evaluate(config), batch.evaluate(GRPO), TINY);
    }

    // P5
    @Property(tries = TRIES)
    void withoutForgettingBothStylesAgree(@ForAll(supplier = Batch.Supplier.class) Batch batch) {
        assertSame(
                batch.evaluate(traced(Trace.E_TRACE, Style.RECENT, 1)),
                batch.evaluate(traced(Trace.E_TRACE, Style.BOTH, 1)),
                TINY);
    }

    // P6
    @Property(tries = TRIES)
    void oneTokenIsGrpoWhateverTheCredit(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        Batch first = batch.firstTokens();
        Map<String, Object> none = new HashMap<>(
                Map.of("trace", "none", "ratio_level", "token", "td_error", "constant", "trace_normalisation", "none"));
        none.put("lambda_schedule", null);
        ObjectiveConfig plain = config.with(none);
        assertSame(first.evaluate(config), first.evaluate(plain), TINY);
    }

    // P9
    @Property(tries = TRIES)
    void paddingChangesNothingWhateverItHolds(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 0, max = 3) int moreRows,
            @ForAll @IntRange(min = 0, max = 70) int moreColumns) {
        BatchTotals totals = BatchTotals.of(batch.lengths());
        Batch.Outcome tight = batch.evaluate(config);
        for (double padding : List.of(Double.NaN, Double.NEGATIVE_INFINITY, 1e300)) {
            Batch.Outcome padded = batch.evaluate(
                    config,
                    batch.advantages(config),
                    totals,
                    batch.size() + moreRows,
                    batch.time() + moreColumns,
                    padding);
            assertSame(padded, tight, TINY);
            assertThat(padded.sums().over(config, totals))
                    .usingRecursiveComparison()
                    .withComparatorForType(ObjectiveProperties::roughly, Double.class)
                    .isEqualTo(tight.sums().over(config, totals));
            double outside = Arrays.stream(padded.grid())
                            .flatMapToDouble(Arrays::stream)
                            .map(Math::abs)
                            .sum()
                    - padded.gradient().stream()
                            .flatMapToDouble(Arrays::stream)
                            .map(Math::abs)
                            .sum();
            assertThat(outside).as("gradient on padding").isCloseTo(0, within(TINY));
        }
    }

    // P9
    @Property(tries = TRIES)
    void orderOfTheBatchDoesNotMatter(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 0, max = 5) int shift) {
        int n = batch.size();
        int[] order = IntStream.range(0, n).map(i -> (i + shift) % n).toArray();
        Batch.Outcome straight = batch.evaluate(config);
        Batch.Outcome rotated = batch.subset(order).evaluate(config);
        assertThat(rotated.loss()).isCloseTo(straight.loss(), within(TINY));
        for (int i = 0; i < n; i++) {
            assertThat(rotated.gradient().get(i))
                    .containsExactly(straight.gradient().get(order[i]), within(TINY));
        }
    }

    // P22
    @Property(tries = TRIES)
    void microBatchesAddUpToTheBatch(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 1, max = 3) int size) {
        double[] advantages = batch.advantages(config);
        BatchTotals totals = BatchTotals.of(batch.lengths());
        Batch.Outcome whole = batch.evaluate(config);
        double loss = 0;
        ObjectiveSums sums = new ObjectiveSums();
        for (int start = 0; start < batch.size(); start += size) {
            int[] chosen =
                    IntStream.range(start, Math.min(start + size, batch.size())).toArray();
            Batch part = batch.subset(chosen);
            double[] own = Arrays.stream(chosen).mapToDouble(i -> advantages[i]).toArray();
            Batch.Outcome outcome = part.evaluate(config, own, totals, part.size(), part.time(), 0);
            loss += outcome.loss();
            sums.add(outcome.sums());
            for (int k = 0; k < chosen.length; k++) {
                assertThat(outcome.gradient().get(k))
                        .containsExactly(whole.gradient().get(chosen[k]), within(TINY));
            }
        }
        assertThat(loss).isCloseTo(whole.loss(), within(TINY));
        assertThat(sums.over(config, totals))
                .usingRecursiveComparison()
                .withComparatorForType(ObjectiveProperties::roughly, Double.class)
                .isEqualTo(whole.sums().over(config, totals));
    }

    // P11
    @Property(tries = TRIES)
    void onPolicyTheTraceScalesTheAdvantageOfEachTokenByItsColumnSum(
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
            double[] expected = new double[grpo.length];
            Arrays.setAll(expected, j -> grpo[j] * c[j]);
            assertThat(traced.gradient().get(i)).containsExactly(expected, within(1e-10));
        }
    }

    // P11: the mirror image, late tokens instead of early ones
    @Property(tries = TRIES)
    void onPolicyTheWeightScalesTheAdvantageOfEachTokenByItsRowSum(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        ObjectiveConfig config = traced(Trace.E_WEIGHT, style, lambda);
        Batch.Outcome weighted = batch.evaluate(config);
        Batch.Outcome plain = batch.evaluate(GRPO);
        for (int i = 0; i < batch.size(); i++) {
            double[] grpo = plain.gradient().get(i);
            double[] w = config.eligibilityTrace().rowSums(grpo.length);
            double[] expected = new double[grpo.length];
            Arrays.setAll(expected, t -> grpo[t] * w[t]);
            assertThat(weighted.gradient().get(i)).containsExactly(expected, within(1e-10));
        }
    }

    // P12
    @Property(tries = TRIES)
    void gradientOfTheGraphIsThatOfFiniteDifferences(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        // CISPO stops the gradient of its ratio on purpose, so its gradient is not the slope of its value.
        Assume.that(config.surrogate() == Surrogate.CLIP);
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

    // P12
    @Property(tries = TRIES)
    void clippedTokensPassNoGradient(@ForAll(supplier = Batch.Supplier.class) Batch batch) {
        double[] advantages = batch.advantages(GRPO);
        Batch.Outcome outcome = batch.evaluate(GRPO);
        double[][] z = batch.exponents(GRPO);
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < z[i].length; t++) {
                double ratio = Math.exp(z[i][t]);
                boolean clipped = ratio > 1.2 + 1e-9 && advantages[i] > 0 || ratio < 0.8 - 1e-9 && advantages[i] < 0;
                boolean free = ratio < 1.2 - 1e-9 && ratio > 0.8 + 1e-9 && advantages[i] != 0;
                double slope = outcome.gradient().get(i)[t];
                assertThat(clipped && slope != 0)
                        .as("gradient of a clipped token")
                        .isFalse();
                assertThat(free && slope == 0).as("no gradient of a free token").isFalse();
            }
        }
    }

    // P16
    @Property(tries = TRIES)
    void terminalErrorWithoutDiscountIsGrpo(@ForAll(supplier = Batch.Supplier.class) Batch batch) {
        ObjectiveConfig terminal = GRPO.with(Map.of("td_error", "terminal", "lambda", 1.0));
        assertSame(batch.evaluate(terminal), batch.evaluate(GRPO), TINY);
    }

    // P16, with discount: on-policy the credit of a token falls with its distance from the end
    @Property(tries = TRIES)
    void terminalErrorFallsTowardsTheStart(
            @ForAll(supplier = Batch.OnPolicy.class) Batch batch,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        Batch.Outcome terminal = batch.evaluate(GRPO.with(Map.of("td_error", "terminal", "lambda", lambda)));
        Batch.Outcome plain = batch.evaluate(GRPO);
        for (int i = 0; i < batch.size(); i++) {
            double[] grpo = plain.gradient().get(i);
            double[] expected = new double[grpo.length];
            Arrays.setAll(expected, t -> grpo[t] * Math.pow(lambda, grpo.length - 1 - t));
            assertThat(terminal.gradient().get(i)).containsExactly(expected, within(TINY));
        }
    }

    // P17
    @Property(tries = TRIES)
    void rowNormalisedTraceStaysWithinTheLargestDrift(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        ObjectiveConfig config = traced(Trace.E_TRACE, style, lambda).with(Map.of("trace_normalisation", "row"));
        BatchTotals totals = BatchTotals.of(batch.lengths());
        double normalised = batch.evaluate(config).sums().over(config, totals).maxAbsZ();
        double drift = batch.evaluate(GRPO).sums().over(GRPO, totals).maxAbsZ();
        assertThat(normalised).isLessThanOrEqualTo(drift + TINY);
    }

    // P18
    @Property(tries = TRIES)
    void unitWeightsAreGrpo(@ForAll(supplier = Batch.Supplier.class) Batch batch, @ForAll Style style) {
        ObjectiveConfig unit = traced(Trace.E_WEIGHT, style, 0).with(Map.of("trace_normalisation", "row"));
        assertSame(batch.evaluate(unit), batch.evaluate(GRPO), TINY);
    }

    // The plan is what runs; SameDiff's own session is its oracle.
    @Property(tries = TRIES)
    void planAndSessionAgree(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        ObjectiveGraph.Tokens tokens = batch.tokens(batch.size(), batch.time(), Double.NaN);
        TokenWeights weights = TokenWeights.of(
                config,
                batch.advantages(config),
                batch.lengths(),
                BatchTotals.of(batch.lengths()),
                batch.size(),
                batch.time());
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, DataType.DOUBLE)) {
            ObjectiveGraph.Evaluation plan = graph.evaluate(weights, tokens);
            Map<String, INDArray> session =
                    graph.graph().output(graph.feed(weights, tokens), List.of(graph.lossName(), graph.gradientName()));
            assertThat(session.get(graph.lossName()).getDouble(0)).isCloseTo(plan.loss(), within(TINY));
            INDArray difference = session.get(graph.gradientName()).sub(Nd4j.create(plan.gradient()));
            assertThat(difference.amaxNumber().doubleValue()).isLessThan(TINY);
        }
    }

    private static ObjectiveConfig traced(Trace trace, Style style, double lambda) {
        ObjectiveConfig lambdaOnly = ObjectiveConfig.grpoLambda(style)
                .with(Map.of("lambda", lambda, "trace", ObjectiveJson.MAPPER.valueToTree(trace)));
        Map<String, Object> noClamp = new HashMap<>();
        noClamp.put("negative_clamp", null);
        return lambdaOnly.with(noClamp);
    }

    private static boolean isAwayFromKinks(Batch batch, ObjectiveConfig config) {
        for (double[] row : batch.exponents(config)) {
            for (double z : row) {
                double ratio = Math.exp(z);
                boolean nearBound = Math.abs(ratio - 0.8) < 1e-3 || Math.abs(ratio - 1.2) < 1e-3;
                if (nearBound || Math.abs(ratio - 1.5) < 1e-3) {
                    return false;
                }
            }
        }
        return true;
    }

    private static int roughly(Double a, Double b) {
        return Math.abs(a - b) <= TINY * (1 + Math.abs(b)) ? 0 : Double.compare(a, b);
    }

    private static void assertSame(Batch.Outcome actual, Batch.Outcome expected, double tolerance) {
        assertThat(actual.loss()).as("loss").isCloseTo(expected.loss(), within(tolerance));
        for (int i = 0; i < expected.gradient().size(); i++) {
            assertThat(actual.gradient().get(i))
                    .as("gradient of completion %d", i)
                    .containsExactly(expected.gradient().get(i), within(tolerance));
        }
    }
}
