package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.grpo4j.framework.autodiff.FiniteDifferences;
import org.grpo4j.framework.autodiff.FiniteDifferences.Mismatch;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.grpo4j.framework.plan.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Both directions of the trace in DOUBLE: against the weights that define it, and as a function to differentiate. */
class TraceProductTest {
    private static final int ROWS = 2;
    private static final double[] DECAYS = {0, 0.4, 0.99, 1};
    /** One chunk; a chunk of odd length; two whole chunks; three chunks with padding, odd and even. */
    private static final int[] TIMES = {1, 2, 9, 128, 131, 134};

    @ParameterizedTest
    @EnumSource
    void eachDirectionIsTheProductWithTheWeights(Style style) {
        for (EligibilityTrace trace : traces(style)) {
            for (int time : TIMES) {
                INDArray x = normal(1, time);
                INDArray weights = weights(trace, time);
                assertClose(product(trace, x, false), x.mmul(weights.transpose()));
                assertClose(product(trace, x, true), x.mmul(weights));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientEqualsFiniteDifferences(Style style) {
        for (EligibilityTrace trace : traces(style)) {
            for (int time : TIMES) {
                for (boolean transposed : new boolean[] {false, true}) {
                    SameDiff graph = SameDiff.create();
                    SDVariable x = graph.placeHolder("x", DataType.DOUBLE, ROWS, time);
                    checkGradient(weighedSquares(trace, x, time, transposed), x, trace + " of " + time);
                }
            }
        }
    }

    /** The gradient is made of functions of its own, so that it can be differentiated again. */
    @ParameterizedTest
    @EnumSource
    void secondDerivativeEqualsFiniteDifferences(Style style) {
        for (EligibilityTrace trace : traces(style)) {
            int time = 67;
            SameDiff graph = SameDiff.create();
            SDVariable x = graph.placeHolder("x", DataType.DOUBLE, ROWS, time);
            SDVariable loss = weighedSquares(trace, x, time, false);
            SDVariable gradient = Gradients.of(loss, List.of(x)).get("x");
            checkGradient(weighedSum(gradient.mul(x), time, 3), x, trace.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void plainNumbersAndVariableDecayAreTheSameProducts(Style style) {
        for (EligibilityTrace trace : traces(style)) {
            for (int time : TIMES) {
                INDArray x = normal(4, time);
                INDArray weights = weights(trace, time);
                double[] row = x.getRow(0).toDoubleVector();
                INDArray forward = x.mmul(weights.transpose());
                INDArray backward = x.mmul(weights);
                assertClose(Nd4j.create(new double[][] {trace.product(row)}), forward.getRow(0, true));
                assertClose(Nd4j.create(new double[][] {trace.transposedProduct(row)}), backward.getRow(0, true));
                assertClose(variable(trace, x, false), forward);
                assertClose(variable(trace, x, true), backward);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientWithVariableDecayEqualsFiniteDifferences(Style style) {
        for (EligibilityTrace trace : traces(style)) {
            for (boolean transposed : new boolean[] {false, true}) {
                SameDiff graph = SameDiff.create();
                SDVariable x = graph.placeHolder("x", DataType.DOUBLE, ROWS, 67);
                SDVariable decay = graph.constant(Nd4j.create(new double[][] {{trace.decay()}}));
                SDVariable z = new VariableTrace(style, ROWS, 67, transposed).apply(x, decay);
                checkGradient(weighedSum(z.mul(z), 67, 2), x, trace.toString());
            }
        }
    }

    private static INDArray variable(EligibilityTrace trace, INDArray x, boolean transposed) {
        SameDiff graph = SameDiff.create();
        int time = (int) x.size(1);
        SDVariable in = graph.placeHolder("x", DataType.DOUBLE, ROWS, time);
        SDVariable decay = graph.placeHolder("decay", DataType.DOUBLE, 1, 1);
        SDVariable out = new VariableTrace(trace.style(), ROWS, time, transposed).apply(in, decay);
        INDArray a = Nd4j.create(new double[][] {{trace.decay()}});
        return graph.outputSingle(Map.of("x", x, "decay", a), out.name());
    }

    private static List<EligibilityTrace> traces(Style style) {
        List<EligibilityTrace> traces = new ArrayList<>();
        for (double decay : DECAYS) {
            traces.add(new EligibilityTrace(style, decay));
        }
        return traces;
    }

    /** {@code Σ w (P x)²} with random weights, so that the upstream gradient depends on x and on the entry. */
    private static SDVariable weighedSquares(EligibilityTrace trace, SDVariable x, int time, boolean transposed) {
        SDVariable z = new TraceProduct(trace, ROWS, time, transposed).apply(x);
        return weighedSum(z.mul(z), time, 2);
    }

    /** As a product, because the gradient of ND4J's sum cannot be differentiated again. */
    private static SDVariable weighedSum(SDVariable x, int time, long seed) {
        SDVariable weights = x.getSameDiff().constant(normal(seed, time).reshape(ROWS * time, 1));
        return x.reshape(1, ROWS * time).mmul(weights);
    }

    private static void checkGradient(SDVariable loss, SDVariable x, String what) {
        SameDiff graph = loss.getSameDiff();
        String gradient = Gradients.of(loss, List.of(x)).get("x").name();
        INDArray point = normal(1, (int) x.placeholderShape()[1]);
        try (Plan plan = Plan.compile(graph, List.of(loss.name(), gradient))) {
            ToDoubleFunction<INDArray> value = at -> {
                plan.input("x").assign(at);
                plan.run();
                return plan.output(loss.name()).getDouble(0);
            };
            // The function is quadratic: a longer step costs nothing and rounds less.
            INDArray numerical = FiniteDifferences.gradient(value, point, 1e-2);
            value.applyAsDouble(point);
            Mismatch worst = FiniteDifferences.worst(plan.output(gradient), numerical);
            assertThat(worst.error()).as("%s: %s", what, worst).isLessThan(1e-9);
        }
    }

    private static INDArray product(EligibilityTrace trace, INDArray x, boolean transposed) {
        SameDiff graph = SameDiff.create();
        int time = (int) x.size(1);
        SDVariable in = graph.placeHolder("x", DataType.DOUBLE, ROWS, time);
        SDVariable out = new TraceProduct(trace, ROWS, time, transposed).apply(in);
        return graph.outputSingle(Map.of("x", x), out.name());
    }

    private static INDArray weights(EligibilityTrace trace, int time) {
        double[][] weights = new double[time][time];
        for (int t = 0; t < time; t++) {
            for (int j = 0; j < time; j++) {
                weights[t][j] = trace.weight(t, j);
            }
        }
        return Nd4j.create(weights);
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-12 * actual.size(1));
    }

    private static INDArray normal(long seed, int time) {
        return TestGraphs.normal(new Random(seed), DataType.DOUBLE, ROWS, time);
    }
}
