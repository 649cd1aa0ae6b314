package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Presets set what they say, and the gradient of each on the graph in DOUBLE is that of finite differences. */
class ObjectivePresetsTest {

    static List<String> names() {
        return ObjectivePresets.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void gradientIsThatOfFiniteDifferences(String name) {
        ObjectiveConfig config = ObjectiveConfig.preset(name, Map.of("max_length", 12));
        Batch batch = batch(config.ratioLevel() == RatioLevel.SEQUENCE ? 2e-3 : 0.3);
        TokenWeights weights = config.needsCritic() ? criticised(config, batch) : compared(config, batch);
        ObjectiveGraph.Tokens tokens = batch.tokens(batch.size(), batch.time(), 0);
        try (ObjectiveGraph graph = new ObjectiveGraph(config, tokens, DataType.DOUBLE)) {
            ObjectiveGraph.Evaluation evaluation = graph.evaluate(weights, tokens);
            INDArray computed = Nd4j.create(evaluation.gradient());
            INDArray numerical = config.surrogate() == Surrogate.CISPO
                    ? Nd4j.create(cispoGradient(config, batch, weights))
                    : FiniteDifferences.gradient(
                            graph.graph(),
                            graph.lossName(),
                            ObjectiveGraph.LOGP_NEW,
                            graph.feed(weights, tokens),
                            1e-6);
            double scale = numerical.amaxNumber().doubleValue();
            assertThat(scale).isPositive();
            assertThat(computed.sub(numerical).amaxNumber().doubleValue()).isLessThan(1e-7 * scale);
            // Both kinds of token are among them, or the test would not see the bounds.
            ObjectiveMetrics metrics = evaluation.sums().over(config, BatchTotals.of(batch.lengths()));
            assertThat(metrics.clipFractionLow() + metrics.clipFractionHigh()).isBetween(0.01, 0.99);
        }
    }

    private static TokenWeights compared(ObjectiveConfig config, Batch batch) {
        BatchTotals totals = BatchTotals.of(batch.lengths());
        return TokenWeights.of(config, batch.advantages(config), batch.lengths(), totals, batch.size(), batch.time());
    }

    /** With a critic that says something different of every token. */
    private static TokenWeights criticised(ObjectiveConfig config, Batch batch) {
        Random random = new Random(12);
        double[][] values = Arrays.stream(batch.lengths())
                .mapToObj(length -> random.doubles(length).toArray())
                .toArray(double[][]::new);
        double[][] advantages =
                GeneralisedAdvantages.of(config, batch.rewards(), values).forLoss(config, true);
        return TokenWeights.of(
                config,
                batch.rewards(),
                batch.lengths(),
                BatchTotals.of(batch.lengths()),
                TokenFactors.ONES.withAdvantages(advantages),
                batch.size(),
                batch.time());
    }

    /** The ratio of CISPO is a constant by definition, so the slope of its value in log π is its coefficient. */
    private static double[][] cispoGradient(ObjectiveConfig config, Batch batch, TokenWeights weights) {
        double[][] z = batch.exponents(config);
        double[][] gradient = new double[batch.size()][batch.time()];
        for (int i = 0; i < batch.size(); i++) {
            for (int t = 0; t < z[i].length; t++) {
                double capped = Math.min(Math.exp(z[i][t]), 1 + config.clipHigh());
                gradient[i][t] = -weights.surrogate()[i][t] * capped * weights.advantages()[i][t];
            }
        }
        return gradient;
    }

    /** Two groups of three ragged completions whose policy has moved by about {@code drift} a token. */
    private static Batch batch(double drift) {
        Random random = new Random(11);
        List<Batch.Completion> completions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<Batch.Token> tokens = new ArrayList<>();
            for (int t = 0; t < 3 + i; t++) {
                tokens.add(new Batch.Token(-0.1 - 2 * random.nextDouble(), drift * (0.5 + random.nextGaussian()), 0));
            }
            completions.add(new Batch.Completion(i / 3, i % 3, tokens));
        }
        return new Batch(completions);
    }

    @Test
    void switchesAreThoseOfTheMethods() {
        ObjectiveConfig grpo = ObjectiveConfig.grpo();
        assertThat(preset("grpo")).isEqualTo(grpo);
        assertThat(preset("dapo")).isEqualTo(grpo.with(Map.of("clip_high", 0.28, "aggregation", "token-mean")));
        assertThat(preset("rloo")).isEqualTo(grpo.with(Map.of("advantage", "leave-one-out")));
        assertThat(preset("reinforce++")).isEqualTo(grpo.with(Map.of("advantage", "batch-std")));
        assertThat(preset("ppo"))
                .isEqualTo(grpo.with(Map.of("advantage", "gae", "lambda", 0.95, "aggregation", "token-mean")));
        assertThat(preset("gspo").ratioLevel()).isEqualTo(RatioLevel.SEQUENCE);
        assertThat(preset("cispo").surrogate()).isEqualTo(Surrogate.CISPO);
        assertThat(ObjectiveConfig.preset("dr-grpo", Map.of("max_length", 9)))
                .isEqualTo(grpo.with(Map.of("advantage", "group-mean", "aggregation", "constant", "max_length", 9)));
        assertThat(preset("grpo-lambda")).isEqualTo(preset("grpo-lambda-recent"));
        assertThat(preset("grpo-lambda-weight-both").trace()).isEqualTo(Trace.E_WEIGHT);
        assertThat(preset("grpo-lambda-both").negativeClamp()).isEqualTo(-0.1);
    }

    @Test
    void unknownNamesAreRefusedWithTheNearest() {
        assertThatThrownBy(() -> preset("reinforce"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no preset \"reinforce\"; did you mean \"reinforce++\"?");
        assertThatThrownBy(() -> preset("dr-grpo")).hasMessageContaining("max_length is null");
    }

    private static ObjectiveConfig preset(String name) {
        return ObjectiveConfig.preset(name, Map.of());
    }
}
