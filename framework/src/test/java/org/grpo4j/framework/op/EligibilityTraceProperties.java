package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Laws P1–P3, P5, P7, P8, P10, P19 and P21 of the objective, on the graph of the trace, in DOUBLE, over ragged rows. */
class EligibilityTraceProperties {

    private static final int TRIES = 50;

    /** Rounding of a few steps in DOUBLE. */
    private static final double TINY = 1e-12;

    @Property(tries = TRIES)
    void p1ProductsWithTheAdjointAgree(
            @ForAll Style style,
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        Traced traced = trace(new EligibilityTrace(style, a), x.d(), x.delta());
        double forward = dot(x.delta(), traced.z);
        double backward = dot(traced.gradient, x.d());
        assertThat(backward).isCloseTo(forward, within(1e-10 * (1 + Math.abs(forward) + x.time())));
    }

    @Property(tries = TRIES)
    void p2RecentIsTheRecurrence(
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        double[][] z = trace(new EligibilityTrace(Style.RECENT, a), x.d());
        double[][] d = x.d();
        for (int i = 0; i < d.length; i++) {
            assertThat(z[i][0]).isCloseTo(d[i][0], within(TINY));
            for (int t = 1; t < d[i].length; t++) {
                assertThat(z[i][t]).isCloseTo(a * z[i][t - 1] + d[i][t], within(TINY * x.time()));
            }
        }
    }

    @Property(tries = TRIES)
    void p2p3TraceIsTheProductWithTheDenseMatrix(
            @ForAll Style style,
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        assertClose(trace(trace, x.d()), dense(trace, x.d()));
    }

    /** The closed form of section 2, made of three traces of the recent style: none of them knows {@code both}. */
    @Property(tries = TRIES)
    void p3BothIsItsClosedForm(
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        Assume.that(a > 0);
        double[][] e = trace(new EligibilityTrace(Style.RECENT, a), x.d());
        double[][] faded = x.d();
        for (double[] row : faded) {
            Arrays.setAll(row, j -> row[j] * Math.pow(a, j));
        }
        double[][] prefix = trace(new EligibilityTrace(Style.RECENT, 1), faded);
        double[][] expected = new double[e.length][x.time()];
        for (int i = 0; i < e.length; i++) {
            for (int t = 0; t < x.time(); t++) {
                int m = t / 2;
                expected[i][t] = prefix[i][m] + e[i][t] - Math.pow(a, t - m) * e[i][m];
            }
        }
        assertClose(trace(new EligibilityTrace(Style.BOTH, a), x.d()), expected);
    }

    @Property(tries = TRIES)
    void p4FullDecayIsTheIdentity(@ForAll Style style, @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        Traced traced = trace(new EligibilityTrace(style, 0), x.d(), x.delta());
        assertThat(traced.z).isDeepEqualTo(x.d());
        assertThat(traced.gradient).isDeepEqualTo(x.delta());
    }

    @Property(tries = TRIES)
    void p5NoDecayIsTheCumulativeSum(@ForAll Style style, @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        double[][] expected = x.d();
        for (double[] row : expected) {
            Arrays.parallelPrefix(row, Double::sum);
        }
        assertClose(trace(new EligibilityTrace(style, 1), x.d()), expected);
    }

    /** The traces of unit rows are the columns of W, as the graph has them; {@code weight} says the same. */
    @Property(tries = TRIES)
    void p7WeightsLieBetweenZeroAndOneAndBothIsTheLarger(
            @ForAll(supplier = Sequences.Decays.class) double a, @ForAll @IntRange(min = 1, max = 90) int time) {
        EligibilityTrace recent = new EligibilityTrace(Style.RECENT, a);
        EligibilityTrace both = new EligibilityTrace(Style.BOTH, a);
        double[][] ofRecent = trace(recent, unit(time));
        double[][] ofBoth = trace(both, unit(time));
        for (int j = 0; j < time; j++) {
            for (int t = 0; t < time; t++) {
                assertThat(recent.weight(t, j)).isCloseTo(ofRecent[j][t], within(TINY));
                assertThat(both.weight(t, j)).isCloseTo(ofBoth[j][t], within(TINY));
                assertThat(ofRecent[j][t]).isBetween(-TINY, t < j ? TINY : 1 + TINY);
                assertThat(ofBoth[j][t]).isBetween(ofRecent[j][t] - TINY, t < j ? TINY : 1 + TINY);
            }
            assertThat(ofRecent[j][j]).isCloseTo(1, within(TINY));
            assertThat(ofBoth[j][j]).isCloseTo(1, within(TINY));
        }
    }

    /** {@code W 1} and {@code Wᵀ 1} by the graph, against the sums that row normalisation and ε-weight use. */
    @Property(tries = TRIES)
    void p8RowAndColumnSumsAreThoseOfTheGraph(
            @ForAll Style style,
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll @IntRange(min = 1, max = Sequences.LONGEST) int time) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[][] ones = new double[1][time];
        Arrays.fill(ones[0], 1);
        Traced traced = trace(trace, ones, ones);
        assertThat(trace.rowSums(time)).containsExactly(traced.z[0], within(1e-10));
        assertThat(trace.columnSums(time)).containsExactly(traced.gradient[0], within(1e-10));
    }

    @Property(tries = TRIES)
    void p8SumsOfRecentAreGeometricAndMirrored(
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll @IntRange(min = 1, max = Sequences.LONGEST) int time) {
        double[][] ones = new double[1][time];
        Arrays.fill(ones[0], 1);
        Traced traced = trace(new EligibilityTrace(Style.RECENT, a), ones, ones);
        for (int t = 0; t < time; t++) {
            double sum = a == 1 ? t + 1 : (1 - Math.pow(a, t + 1)) / (1 - a);
            assertThat(traced.z[0][t]).as("row %d", t).isCloseTo(sum, within(1e-9));
            assertThat(traced.gradient[0][time - 1 - t])
                    .as("column from the end, %d", t)
                    .isCloseTo(sum, within(1e-9));
        }
    }

    @Property(tries = TRIES)
    void p10EarlierStepsIgnoreLaterOnes(
            @ForAll Style style,
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x,
            @ForAll @IntRange(min = 0, max = Sequences.LONGEST) int where) {
        int changed = where % x.time();
        double[][] other = x.d();
        other[0][changed] += 3;
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[][] before = trace(trace, x.d());
        double[][] after = trace(trace, other);
        assertThat(Arrays.copyOf(after[0], changed)).containsExactly(Arrays.copyOf(before[0], changed), within(TINY));
        assertThat(after[0][changed]).isCloseTo(before[0][changed] + 3, within(TINY * x.time()));
        // The trace restarts with each row, so no row hears of another one.
        for (int i = 1; i < before.length; i++) {
            assertThat(after[i]).containsExactly(before[i], within(TINY));
        }
    }

    @Property(tries = 30)
    void p10TraceIsLinear(
            @ForAll Style style,
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x,
            @ForAll @DoubleRange(min = -3, max = 3) double scale) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        INDArray d = Nd4j.create(x.d());
        INDArray delta = Nd4j.create(x.delta());
        double[][] together = trace(trace, d.add(delta.mul(scale)).toDoubleMatrix());
        INDArray apart = Nd4j.create(trace(trace, x.d()))
                .add(Nd4j.create(trace(trace, x.delta())).mul(scale));
        assertClose(together, apart.toDoubleMatrix());
    }

    @Property(tries = TRIES)
    void p19TraceOfNonNegativeValuesGrowsWithTheDecay(
            @ForAll Style style,
            @ForAll(supplier = Sequences.Decays.class) double a,
            @ForAll(supplier = Sequences.Decays.class) double b,
            @ForAll(supplier = Sequences.Supplier.class) Sequences x) {
        double[][] d = Nd4j.math().abs(Nd4j.create(x.d())).toDoubleMatrix();
        double[][] lower = trace(new EligibilityTrace(style, Math.min(a, b)), d);
        double[][] upper = trace(new EligibilityTrace(style, Math.max(a, b)), d);
        for (int i = 0; i < d.length; i++) {
            for (int t = 0; t < x.time(); t++) {
                assertThat(upper[i][t]).isGreaterThanOrEqualTo(lower[i][t] - 1e-10);
            }
        }
    }

    /** A seed stands for the values here: nobody reads a case of 4096 steps. */
    @Property(tries = 5)
    void p21LongTracesInFloatStayFiniteAndExact(
            @ForAll Style style, @ForAll(supplier = Sequences.Decays.class) double a, @ForAll long seed) {
        int time = 4096;
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[][] d = normal(1, time, seed);
        for (int t = 0; t < time; t++) {
            d[0][t] = Math.max(-50, Math.min(50, 40 * d[0][t]));
        }
        double[] expected = dense(trace, d)[0];
        double[] z = trace(trace, d, d, DataType.FLOAT).z[0];
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        double error = IntStream.range(0, time)
                .mapToDouble(t -> Math.abs(z[t] - expected[t]))
                .max()
                .orElseThrow();
        assertThat(error).isLessThanOrEqualTo(1e-5 * largest);
    }

    @Example
    void decayOutsideTheUnitIntervalIsRefused() {
        for (double a : List.of(-0.1, 1.5, Double.NaN)) {
            assertThatThrownBy(() -> new EligibilityTrace(Style.RECENT, a))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("[0, 1]")
                    .hasMessageContaining(Double.toString(a));
        }
    }

    /** The trace and the gradient of {@code ⟨delta, z⟩} in d. */
    private record Traced(double[][] z, double[][] gradient) {}

    private static double[][] trace(EligibilityTrace trace, double[][] d) {
        return trace(trace, d, d).z;
    }

    private static Traced trace(EligibilityTrace trace, double[][] d, double[][] delta) {
        return trace(trace, d, delta, DataType.DOUBLE);
    }

    private static Traced trace(EligibilityTrace trace, double[][] d, double[][] delta, DataType type) {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.placeHolder("d", type, d.length, d[0].length);
        SDVariable z = trace.apply(x, d.length, d[0].length);
        SDVariable product = z.mul(sd.constant(Nd4j.create(delta).castTo(type))).sum();
        String gradient = Gradients.of(product, List.of(x)).get("d").name();
        Map<String, INDArray> outputs =
                sd.output(Map.of("d", Nd4j.create(d).castTo(type)), List.of(z.name(), gradient));
        return new Traced(matrix(outputs, z.name()), matrix(outputs, gradient));
    }

    private static double[][] matrix(Map<String, INDArray> outputs, String name) {
        return outputs.get(name).castTo(DataType.DOUBLE).toDoubleMatrix();
    }

    private static double[][] dense(EligibilityTrace trace, double[][] d) {
        double[][] z = new double[d.length][d[0].length];
        for (int t = 0; t < d[0].length; t++) {
            for (int j = 0; j <= t; j++) {
                double weight = trace.weight(t, j);
                for (int i = 0; i < d.length; i++) {
                    z[i][t] += weight * d[i][j];
                }
            }
        }
        return z;
    }

    private static double[][] unit(int time) {
        double[][] unit = new double[time][time];
        for (int t = 0; t < time; t++) {
            unit[t][t] = 1;
        }
        return unit;
    }

    private static double[][] normal(int rows, int time, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][time];
        for (double[] row : values) {
            Arrays.setAll(row, t -> random.nextGaussian());
        }
        return values;
    }

    private static double dot(double[][] a, double[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int t = 0; t < a[i].length; t++) {
                sum += a[i][t] * b[i][t];
            }
        }
        return sum;
    }

    private static void assertClose(double[][] actual, double[][] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(1e-12 * (10 + expected[i].length)));
        }
    }
}
