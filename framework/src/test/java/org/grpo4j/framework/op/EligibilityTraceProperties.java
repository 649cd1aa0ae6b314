package org.grpo4j.framework.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
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

/** Laws P1–P3, P5, P7, P8, P10, P19 and P21 of the objective, on the graph of the trace. */
class EligibilityTraceProperties {

    /** Lengths up to here have one, two or three chunks, even and padded ones. */
    private static final int LONGEST = 150;

    private static final int TRIES = 60;

    @Property(tries = TRIES)
    void productsWithTheAdjointAgree(
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @IntRange(min = 1, max = LONGEST) int time,
            @ForAll long seed) {
        double[][] d = normal(2, time, seed);
        double[][] delta = normal(2, time, seed + 1);
        Traced traced = trace(new EligibilityTrace(style, a), d, delta);

        double forward = dot(delta, traced.z);
        double backward = dot(traced.gradient, d);
        assertThat(backward).isCloseTo(forward, within(1e-10 * (1 + Math.abs(forward) + time)));
    }

    @Property(tries = TRIES)
    void recentIsTheRecurrence(
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @IntRange(min = 1, max = LONGEST) int time,
            @ForAll long seed) {
        double[][] d = normal(3, time, seed);
        double[][] expected = new double[3][time];
        for (int i = 0; i < 3; i++) {
            double z = 0;
            for (int t = 0; t < time; t++) {
                z = a * z + d[i][t];
                expected[i][t] = z;
            }
        }
        assertClose(trace(new EligibilityTrace(Style.RECENT, a), d), expected);
    }

    @Property(tries = TRIES)
    void bothStylesAreTheirDenseMatrix(
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @IntRange(min = 1, max = LONGEST) int time,
            @ForAll long seed) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[][] d = normal(2, time, seed);
        assertClose(trace(trace, d), dense(trace, d));
    }

    @Property(tries = 20)
    void noDecayIsTheCumulativeSum(@ForAll @IntRange(min = 1, max = LONGEST) int time, @ForAll long seed) {
        double[][] d = normal(2, time, seed);
        double[][] expected = Arrays.stream(d).map(double[]::clone).toArray(double[][]::new);
        for (double[] row : expected) {
            Arrays.parallelPrefix(row, Double::sum);
        }
        assertClose(trace(new EligibilityTrace(Style.RECENT, 1), d), expected);
        assertClose(trace(new EligibilityTrace(Style.BOTH, 1), d), expected);
    }

    @Property(tries = 20)
    void fullDecayIsTheIdentity(
            @ForAll Style style, @ForAll @IntRange(min = 1, max = LONGEST) int time, @ForAll long seed) {
        double[][] d = normal(2, time, seed);
        double[][] delta = normal(2, time, seed + 1);
        Traced traced = trace(new EligibilityTrace(style, 0), d, delta);
        assertThat(traced.z).isDeepEqualTo(d);
        assertThat(traced.gradient).isDeepEqualTo(delta);
    }

    @Property(tries = 200)
    void weightsLieBetweenZeroAndOneAndBothIsTheLarger(
            @ForAll @DoubleRange(min = 0, max = 1) double a, @ForAll @IntRange(min = 1, max = 60) int time) {
        EligibilityTrace recent = new EligibilityTrace(Style.RECENT, a);
        EligibilityTrace both = new EligibilityTrace(Style.BOTH, a);
        for (int t = 0; t < time; t++) {
            for (int j = 0; j < time; j++) {
                assertThat(both.weight(t, j)).isBetween(0.0, 1.0).isGreaterThanOrEqualTo(recent.weight(t, j));
                assertThat(j <= t || both.weight(t, j) == 0).isTrue();
            }
            assertThat(both.weight(t, t)).isEqualTo(1);
            assertThat(recent.weight(t, t)).isEqualTo(1);
        }
    }

    @Property(tries = 200)
    void rowAndColumnSumsAreThoseOfTheMatrix(
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = true) double a,
            @ForAll @IntRange(min = 1, max = 80) int time) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[] rows = new double[time];
        double[] columns = new double[time];
        for (int t = 0; t < time; t++) {
            for (int j = 0; j <= t; j++) {
                rows[t] += trace.weight(t, j);
                columns[j] += trace.weight(t, j);
            }
        }
        assertThat(trace.rowSums(time)).containsExactly(rows, within(1e-10));
        assertThat(trace.columnSums(time)).containsExactly(columns, within(1e-10));
    }

    @Property(tries = TRIES)
    void earlierStepsIgnoreLaterOnes(
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @IntRange(min = 2, max = LONGEST) int time,
            @ForAll @IntRange(min = 0, max = LONGEST) int where,
            @ForAll long seed) {
        int changed = where % time;
        double[][] d = normal(1, time, seed);
        double[][] other = {d[0].clone()};
        other[0][changed] += 3;
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[] before = Arrays.copyOf(trace(trace, d)[0], changed);
        double[] after = Arrays.copyOf(trace(trace, other)[0], changed);
        assertThat(after).containsExactly(before, within(1e-12));
    }

    @Property(tries = 20)
    void traceIsLinear(
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @IntRange(min = 1, max = LONGEST) int time,
            @ForAll @DoubleRange(min = -3, max = 3) double scale,
            @ForAll long seed) {
        EligibilityTrace trace = new EligibilityTrace(style, a);
        INDArray x = Nd4j.create(normal(2, time, seed));
        INDArray y = Nd4j.create(normal(2, time, seed + 1));
        double[][] together = trace(trace, x.add(y.mul(scale)).toDoubleMatrix());
        INDArray apart = Nd4j.create(trace(trace, x.toDoubleMatrix()))
                .add(Nd4j.create(trace(trace, y.toDoubleMatrix())).mul(scale));
        assertClose(together, apart.toDoubleMatrix());
    }

    @Property(tries = TRIES)
    void traceOfNonNegativeValuesGrowsWithTheDecay(
            @ForAll Style style,
            @ForAll @DoubleRange(min = 0, max = 1) double a,
            @ForAll @DoubleRange(min = 0, max = 1) double b,
            @ForAll @IntRange(min = 1, max = LONGEST) int time,
            @ForAll long seed) {
        double[][] d = Nd4j.math().abs(Nd4j.create(normal(1, time, seed))).toDoubleMatrix();
        double[] lower = trace(new EligibilityTrace(style, Math.min(a, b)), d)[0];
        double[] upper = trace(new EligibilityTrace(style, Math.max(a, b)), d)[0];
        for (int t = 0; t < time; t++) {
            assertThat(upper[t]).isGreaterThanOrEqualTo(lower[t] - 1e-10);
        }
    }

    @Property(tries = 8)
    void longTracesInFloatStayFiniteAndExact(
            @ForAll Style style, @ForAll @DoubleRange(min = 0, max = 1) double a, @ForAll long seed) {
        int time = 4096;
        EligibilityTrace trace = new EligibilityTrace(style, a);
        double[][] d = normal(1, time, seed);
        for (int t = 0; t < time; t++) {
            d[0][t] = Math.max(-50, Math.min(50, 40 * d[0][t]));
        }
        double[] expected = dense(trace, d)[0];
        double[] z = trace(trace, d, d, DataType.FLOAT).z[0];
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(z).containsExactly(expected, within(1e-5 * largest));
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
            assertThat(actual[i]).containsExactly(expected[i], within(1e-11 * expected[i].length));
        }
    }
}
