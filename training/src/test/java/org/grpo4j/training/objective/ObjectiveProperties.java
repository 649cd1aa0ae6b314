package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.grpo4j.training.objective.Outcomes.GRPO;
import static org.grpo4j.training.objective.Outcomes.TINY;
import static org.grpo4j.training.objective.Outcomes.assertSame;
import static org.grpo4j.training.objective.Outcomes.traced;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Laws P4–P6 and P16–P18 of the objective (section 5), where variants meet each other, on the graph that trains, in DOUBLE,
 * over ragged batches.
 */
class ObjectiveProperties {

    private static final int TRIES = 20;

    @Property(tries = TRIES)
    void p4WithoutMemoryEveryTraceIsGrpo(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig any,
            @ForAll Trace trace,
            @ForAll boolean byGamma) {
        ObjectiveConfig config = Configs.withoutAdditions(any)
                .with(Map.of(
                        "trace",
                        ObjectiveJson.MAPPER.valueToTree(trace),
                        "ratio_level",
                        "token",
                        "td_error",
                        "constant"));
        ObjectiveConfig forgetful = config.with(Map.of(byGamma ? "gamma" : "lambda", 0));
        ObjectiveConfig plain = config.with(Map.of("trace", "none", "trace_normalisation", "none"));
        assertSame(batch.evaluate(forgetful), batch.evaluate(plain));
    }

    /** Only {@code a = γλ} enters. */
    @Property(tries = TRIES)
    void p4DiscountAndDecayEnterAsTheirProduct(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        ObjectiveConfig product = config.with(Map.of("gamma", 1, "lambda", config.gamma() * config.lambda()));
        assertSame(batch.evaluate(config), batch.evaluate(product));
    }

    @Property(tries = TRIES)
    void p5WithoutForgettingBothStylesAgree(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        ObjectiveConfig endless = config.with(Map.of("gamma", 1, "lambda", 1));
        assertSame(
                batch.evaluate(endless.with(Map.of("style", "recent"))),
                batch.evaluate(endless.with(Map.of("style", "both"))));
    }

    @Property(tries = TRIES)
    void p6OneTokenIsGrpoWhateverTheCredit(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config) {
        Batch first = batch.firstTokens();
        Map<String, Object> none = new HashMap<>(
                Map.of("trace", "none", "ratio_level", "token", "td_error", "constant", "trace_normalisation", "none"));
        none.put("lambda_schedule", null);
        assertSame(first.evaluate(config), first.evaluate(config.with(none)));
    }

    /** GSPO's ratio is a mean, so it is the token ratio where all tokens of a completion have drifted alike. */
    @Property(tries = TRIES)
    void p6EqualDriftsMakeTheSequenceRatioThatOfItsTokens(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll @DoubleRange(min = -0.6, max = 0.6) double drift) {
        Batch even = batch.withDrifts(unused -> drift);
        Batch.Outcome sequence = even.evaluate(GRPO.with(Map.of("ratio_level", "sequence")));
        assertThat(sequence.loss()).isCloseTo(even.evaluate(GRPO).loss(), within(TINY));
    }

    @Property(tries = TRIES)
    void p16TerminalErrorWithoutDiscountIsGrpo(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig any) {
        ObjectiveConfig config = Configs.withoutAdditions(any).with(Map.of("trace", "none"));
        ObjectiveConfig terminal = config.with(Map.of("td_error", "terminal", "gamma", 1, "lambda", 1));
        assertSame(batch.evaluate(terminal), batch.evaluate(config.with(Map.of("td_error", "constant"))));
    }

    /** By completion, because the largest of a batch would hide the others. */
    @Property(tries = 15)
    void p17RowNormalisedTraceStaysWithinTheLargestDrift(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda) {
        ObjectiveConfig config = traced(Trace.E_TRACE, style, lambda).with(Map.of("trace_normalisation", "row"));
        for (int i = 0; i < batch.size(); i++) {
            Batch one = batch.subset(i);
            BatchTotals totals = BatchTotals.of(one.lengths());
            double normalised = one.evaluate(config).sums().over(config, totals).maxAbsZ();
            double largest = one.completions().get(0).tokens().stream()
                    .mapToDouble(token -> Math.abs(token.drift()))
                    .max()
                    .orElseThrow();
            assertThat(normalised).isLessThanOrEqualTo(largest + TINY);
        }
    }

    /** Under row normalisation a drift that all tokens share is the exponent of all of them. */
    @Property(tries = TRIES)
    void p17RowNormalisedTraceOfEqualDriftsIsThatDrift(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double lambda,
            @ForAll @DoubleRange(min = -0.6, max = 0.6) double drift) {
        Batch even = batch.withDrifts(unused -> drift);
        ObjectiveConfig config = traced(Trace.E_TRACE, style, lambda).with(Map.of("trace_normalisation", "row"));
        assertThat(even.evaluate(config).loss()).isCloseTo(even.evaluate(GRPO).loss(), within(TINY));
    }

    @Property(tries = TRIES)
    void p18UnitWeightsAreGrpo(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll Style style,
            @ForAll TraceNormalisation normalisation) {
        ObjectiveConfig unit = traced(Trace.E_WEIGHT, style, 0)
                .with(Map.of("trace_normalisation", ObjectiveJson.MAPPER.valueToTree(normalisation)));
        assertSame(batch.evaluate(unit), batch.evaluate(GRPO));
    }

    /** The plan is what runs; SameDiff's own session is its oracle. */
    @Property(tries = TRIES)
    void planAndSessionAgree(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 0, max = 2) int moreRows) {
        int rows = batch.size() + moreRows;
        ObjectiveGraph.Tokens tokens = batch.tokens(rows, batch.time(), Double.NaN);
        TokenWeights weights = TokenWeights.of(
                config, batch.advantages(config), batch.lengths(), BatchTotals.of(batch.lengths()), rows, batch.time());
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, DataType.DOUBLE)) {
            ObjectiveGraph.Evaluation plan = graph.evaluate(weights, tokens);
            Map<String, INDArray> session =
                    graph.graph().output(graph.feed(weights, tokens), List.of(graph.lossName(), graph.gradientName()));
            assertThat(session.get(graph.lossName()).getDouble(0)).isCloseTo(plan.loss(), within(TINY));
            INDArray difference = session.get(graph.gradientName()).sub(Nd4j.create(plan.gradient()));
            assertThat(difference.amaxNumber().doubleValue()).isLessThan(TINY);
        }
    }
}
