package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.grpo4j.framework.op.TraceProduct;
import org.grpo4j.framework.op.VariableTrace;
import org.grpo4j.framework.plan.KernelSource;
import org.grpo4j.framework.plan.Plan;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The kernel of both directions of the trace in FLOAT: against its body, against the session and against the weights. */
class TraceKernelProperties {
    private static final double FLOAT_ROUNDING = 6e-8;

    /** Every decay, the ends and the paper's among them. */
    @Provide
    Arbitrary<Double> decays() {
        return Arbitraries.oneOf(
                Arbitraries.of(0.0, 0.5, 0.99, 0.9999, 1.0),
                Arbitraries.doubles().between(0, 1));
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void kernelBodyAndSessionAgree(
            @ForAll Style style,
            @ForAll("decays") double a,
            @ForAll @IntRange(min = 1, max = 200) int time,
            @ForAll boolean transposed,
            @ForAll long seed) {
        TraceProduct product = new TraceProduct(new EligibilityTrace(style, a), 3, time, transposed);
        float[][] x = normal(3, time, seed);
        SameDiff graph = graph(product);
        float[][] session = graph.outputSingle(Map.of("x", Nd4j.create(x)), "y").toFloatMatrix();
        assertClose(run(product, Kernels.available(), x), session, 1e-6 * time);
        assertClose(run(product, KernelSource.NONE, x), session, 1e-6 * time);
    }

    /** One plan serves every decay, and each run gives what a plan made for that decay gives. */
    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void variableDecayIsThatOfTheRun(
            @ForAll Style style,
            @ForAll("decays") double a,
            @ForAll("decays") double b,
            @ForAll @IntRange(min = 1, max = 200) int time,
            @ForAll boolean transposed,
            @ForAll long seed) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 3, time);
        SDVariable decay = graph.placeHolder("decay", DataType.FLOAT, 1, 1);
        new VariableTrace(style, 3, time, transposed).apply(x, decay).rename("y");
        float[][] values = normal(3, time, seed);
        for (KernelSource kernels : List.of(Kernels.available(), KernelSource.NONE)) {
            try (Plan plan = Plan.compile(graph, List.of("y"), Map.of(), kernels)) {
                for (double used : new double[] {a, b, 0}) {
                    plan.input("x").assign(Nd4j.create(values));
                    plan.input("decay").assign(used);
                    plan.run();
                    EligibilityTrace trace = new EligibilityTrace(style, (float) used);
                    float[][] expected = run(new TraceProduct(trace, 3, time, transposed), Kernels.available(), values);
                    assertClose(plan.output("y").toFloatMatrix(), expected, 2e-6 * time);
                }
            }
        }
    }

    /** The rows of the identity give the columns of the weights, forwards, and their rows, backwards. */
    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void unitRowsGiveTheWeights(
            @ForAll Style style,
            @ForAll("decays") double a,
            @ForAll @IntRange(min = 1, max = 80) int time,
            @ForAll boolean transposed) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        float[][] unit = Nd4j.eye(time).castTo(DataType.FLOAT).toFloatMatrix();
        float[][] y = run(new TraceProduct(trace, time, time, transposed), Kernels.available(), unit);
        for (int i = 0; i < time; i++) {
            for (int k = 0; k < time; k++) {
                double weight = transposed ? trace.weight(i, k) : trace.weight(k, i);
                assertThat((double) y[i][k]).isCloseTo(weight, within(FLOAT_ROUNDING * weight + 1e-38));
            }
        }
    }

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void kernelIsLinear(
            @ForAll Style style,
            @ForAll("decays") double a,
            @ForAll @IntRange(min = 1, max = 300) int time,
            @ForAll boolean transposed,
            @ForAll long seed) {
        TraceProduct product = new TraceProduct(new EligibilityTrace(style, a), 2, time, transposed);
        float[][] x = normal(2, time, seed);
        float[][] y = normal(2, time, seed + 1);
        INDArray apart = Nd4j.create(run(product, Kernels.available(), x))
                .add(Nd4j.create(run(product, Kernels.available(), y)).mul(-2));
        float[][] together = Nd4j.create(x).add(Nd4j.create(y).mul(-2)).toFloatMatrix();
        assertClose(run(product, Kernels.available(), together), apart.toFloatMatrix(), 1e-6 * time);
    }

    /** Over thousands of steps nothing but the rounding of the result is lost, whatever the decay. */
    @Property(tries = 10, edgeCases = EdgeCasesMode.NONE)
    void longTracesAreExactToTheRoundingOfTheResult(
            @ForAll Style style, @ForAll("decays") double a, @ForAll boolean transposed, @ForAll long seed) {
        int time = 4096;
        EligibilityTrace trace = new EligibilityTrace(style, a);
        float[] x = normal(1, time, seed)[0];
        float[] y = run(new TraceProduct(trace, 1, time, transposed), Kernels.available(), new float[][] {x})[0];
        double[] exact = new double[time];
        double[] size = new double[time];
        for (int t = 0; t < time; t++) {
            for (int j = 0; j <= t; j++) {
                double weight = trace.weight(t, j);
                int from = transposed ? t : j;
                int to = transposed ? j : t;
                exact[to] += weight * x[from];
                size[to] += Math.abs(weight * x[from]);
            }
        }
        for (int t = 0; t < time; t++) {
            assertThat((double) y[t])
                    .isCloseTo(exact[t], within(FLOAT_ROUNDING * Math.abs(exact[t]) + 1e-12 * size[t]));
        }
    }

    /** With the kernel nothing of the body is left in a plan, constants included. */
    @Example
    void aPlanRunsTheKernelOnly() {
        TraceProduct product = new TraceProduct(new EligibilityTrace(Style.BOTH, 0.9), 2, 300, false);
        try (Plan kernel = Plan.compile(graph(product), List.of("y"));
                Plan body = Plan.compile(graph(product), List.of("y"), Map.of(), KernelSource.NONE)) {
            assertThat(kernel.statistics().steps()).isEqualTo(1);
            assertThat(kernel.statistics().arenaBytes()).isLessThan(4 * (2 * 300 + 16));
            assertThat(body.statistics().steps()).isGreaterThan(10);
        }
    }

    private static SameDiff graph(TraceProduct product) {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, product.rows(), product.time());
        product.apply(x).rename("y");
        return graph;
    }

    private static float[][] run(TraceProduct product, KernelSource kernels, float[][] x) {
        try (Plan plan = Plan.compile(graph(product), List.of("y"), Map.of(), kernels)) {
            plan.input("x").assign(Nd4j.create(x));
            // Twice: a second run must not see what the first has left.
            plan.run();
            plan.run();
            return plan.output("y").toFloatMatrix();
        }
    }

    private static float[][] normal(int rows, int time, long seed) {
        Random random = new Random(seed);
        float[][] values = new float[rows][time];
        for (float[] row : values) {
            for (int t = 0; t < time; t++) {
                row[t] = (float) random.nextGaussian();
            }
        }
        return values;
    }

    private static void assertClose(float[][] actual, float[][] expected, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within((float) tolerance));
        }
    }
}
