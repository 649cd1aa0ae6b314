package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Plan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ValueLossTest {
    private static final int ROWS = 6;
    private static final int TIME = 5;

    /** Value by the formula in Java, gradient by finite differences, padding that holds NaN. */
    @ParameterizedTest
    @NullSource
    @ValueSource(doubles = {0.2, 0.6})
    void lossAndGradientAreThoseOfTheDefinition(@Nullable Double clip) {
        Random random = new Random(4);
        Map<String, INDArray> feed = new HashMap<>();
        for (String name : List.of("values", "mask", ValueLoss.RETURNS, ValueLoss.WEIGHTS, ValueLoss.OLD)) {
            feed.put(name, Nd4j.zeros(DataType.DOUBLE, ROWS, TIME));
        }
        double expected = 0;
        int held = 0;
        for (int i = 0; i < ROWS; i++) {
            for (int t = 0; t < TIME - i % 3; t++) {
                double value = random.nextGaussian();
                double old = value + 0.5 * random.nextGaussian();
                double target = random.nextGaussian();
                double weight = random.nextDouble();
                put(feed, "values", i, t, value);
                put(feed, "mask", i, t, 1);
                put(feed, ValueLoss.OLD, i, t, old);
                put(feed, ValueLoss.RETURNS, i, t, target);
                put(feed, ValueLoss.WEIGHTS, i, t, weight);
                double error = square(value - target);
                if (clip != null) {
                    double bounded = old + Math.max(-clip, Math.min(clip, value - old));
                    held += square(bounded - target) > error ? 1 : 0;
                    error = Math.max(error, square(bounded - target));
                }
                expected += 0.5 * weight * error;
            }
        }
        SameDiff graph = Graphs.create();
        SDVariable values = graph.placeHolder("values", DataType.DOUBLE, ROWS, TIME);
        SDVariable mask = graph.placeHolder("mask", DataType.DOUBLE, ROWS, TIME);
        SDVariable loss = ValueLoss.build(values, mask, ROWS, TIME, clip);
        SDVariable gradient =
                Gradients.of(loss, List.of(values)).values().iterator().next();
        if (clip == null) {
            feed.remove(ValueLoss.OLD);
        } else {
            assertThat(held).isBetween(3, 20);
        }
        INDArray numerical = FiniteDifferences.gradient(graph, loss.name(), "values", feed, 1e-6);
        try (Plan plan = Plan.compile(graph, List.of(loss.name(), gradient.name()))) {
            feed.forEach((name, array) -> plan.input(name).assign(array));
            for (int i = 0; i < ROWS; i++) {
                for (int t = TIME - i % 3; t < TIME; t++) {
                    plan.input("values").putScalar(i, t, Double.NaN);
                }
            }
            plan.run();
            assertThat(plan.output(loss.name()).getDouble(0)).isCloseTo(expected, within(1e-12));
            INDArray computed = plan.output(gradient.name());
            assertThat(computed.sub(numerical).amaxNumber().doubleValue()).isLessThan(1e-8);
            assertThat(numerical.amaxNumber().doubleValue()).isGreaterThan(0.1);
        }
    }

    private static double square(double x) {
        return x * x;
    }

    private static void put(Map<String, INDArray> feed, String name, int row, int column, double value) {
        feed.get(name).putScalar(row, column, value);
    }
}
