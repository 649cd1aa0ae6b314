package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Laws P15, P20 and P21: the per-token terms. */
class SurrogateProperties {

    // P15, and the definition by min and max, entry by entry
    @Property(tries = 60)
    void surrogateIsTheLesserOfTheClippedAndTheUnclippedTerm(
            @ForAll @Size(5) List<@DoubleRange(min = 0, max = 4) Double> ratios,
            @ForAll @Size(5) List<@DoubleRange(min = -2, max = 2) Double> advantages,
            @ForAll boolean dual) {
        ObjectiveConfig config = dual ? ObjectiveConfig.grpo().with(Map.of("dual_clip", 3.0)) : ObjectiveConfig.grpo();
        SameDiff sd = SameDiff.create();
        SDVariable ratio = sd.placeHolder("ratio", DataType.DOUBLE, 1, 5);
        SDVariable advantage = sd.placeHolder("advantage", DataType.DOUBLE, 1, 5);
        SDVariable value =
                SurrogateTerm.of(config, ratio, advantage, () -> ratio).value();
        Map<String, INDArray> feed =
                Map.of("ratio", Nd4j.create(new double[][] {doubles(ratios)}), "advantage", Nd4j.create(new double[][] {
                    doubles(advantages)
                }));
        double[] terms = sd.outputSingle(feed, value.name()).toDoubleMatrix()[0];
        for (int i = 0; i < terms.length; i++) {
            double unclipped = ratios.get(i) * advantages.get(i);
            double expected = Math.min(unclipped, Math.max(0.8, Math.min(1.2, ratios.get(i))) * advantages.get(i));
            if (dual && advantages.get(i) < 0) {
                expected = Math.max(expected, 3 * advantages.get(i));
            } else {
                assertThat(terms[i]).isLessThanOrEqualTo(unclipped + 1e-15);
            }
            assertThat(terms[i]).isEqualTo(expected, within(1e-14));
        }
    }

    // P20
    @Property(tries = 60)
    void k3IsPositiveExceptWhereThePoliciesAgree(@ForAll @Size(6) List<@DoubleRange(min = -3, max = 3) Double> drifts) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, 1, 6);
        INDArray feed = Nd4j.create(new double[][] {doubles(drifts)});
        double[] kl =
                sd.outputSingle(Map.of("x", feed), KlEstimator.K3.of(x).name()).toDoubleMatrix()[0];
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

    // P21
    @Property(tries = 4)
    void nothingOverflowsOnLongCompletionsWithLargeDrift(
            @ForAll @DoubleRange(min = 0, max = 1) double lambda, @ForAll boolean upwards) {
        int time = 4096;
        double[][] current = new double[1][time];
        double[][] old = new double[1][time];
        for (int t = 0; t < time; t++) {
            (upwards ? old : current)[0][t] = -50;
        }
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

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
