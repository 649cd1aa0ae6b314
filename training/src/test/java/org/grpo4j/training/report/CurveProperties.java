package org.grpo4j.training.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

class CurveProperties {

    @Property(tries = 200)
    void thinningKeepsPeaksAndMeans(
            @ForAll @IntRange(min = 1, max = 3000) int points,
            @ForAll @IntRange(min = 1, max = 200) int most,
            @ForAll long seed) {
        Curve whole = curve(points, new Random(seed));
        Curve thin = whole.thinned(most);
        assertThat(thin.size()).isLessThanOrEqualTo(Math.max(most, 1)).isPositive();
        assertThat(Arrays.stream(thin.low()).min())
                .isEqualTo(Arrays.stream(whole.low()).min());
        assertThat(Arrays.stream(thin.high()).max())
                .isEqualTo(Arrays.stream(whole.high()).max());
        for (int i = 0; i < thin.size(); i++) {
            int from = thin.steps()[i];
            double[] own = inRange(whole, from, from + thin.every());
            assertThat(thin.values()[i]).isCloseTo(Arrays.stream(own).average().orElseThrow(), within(1e-9));
            assertThat(i == 0 || from >= thin.steps()[i - 1] + thin.every()).isTrue();
        }
    }

    @Test
    void stepsThatComeTwiceAreTakenOnce() {
        List<StepMetrics> steps = IntStream.rangeClosed(1, 3000)
                .mapToObj(step -> StepMetrics.at(step).put(Metric.LOSS, step).build())
                .toList();
        List<StepMetrics> twice = new ArrayList<>(steps);
        twice.addAll(steps);
        Chart loss = Chart.ALL.stream()
                .filter(chart -> chart.metric() == Metric.LOSS)
                .findFirst()
                .orElseThrow();
        Curve curve = RunCurves.of(twice).curve(loss).thinned(Curve.MOST);
        assertThat(curve.size()).isEqualTo(1000);
        assertThat(curve.steps()).isSorted();
    }

    @Test
    void aValueThatIsNotFiniteBreaksTheLine() {
        CurvePoints points = new CurvePoints();
        for (int step = 1; step <= 12; step++) {
            boolean odd = step == 1 || step == 5 || step == 6 || step == 11;
            points.add(step, odd ? Double.NaN : step, step, step);
        }
        Curve curve = points.curve();
        assertThat(curve.steps()).containsExactly(2, 3, 4, 7, 8, 9, 10, 12);
        assertThat(curve.breaks()).containsExactly(0, 3, 7);
        assertThat(curve.after(4).breaks()).containsExactly(0, 4);
        assertThat(curve.after(7).breaks()).containsExactly(3);
        Curve thin = curve.thinned(4);
        assertThat(thin.steps()).containsExactly(2, 5, 8, 11);
        assertThat(thin.breaks()).as("every point has some of its three steps").containsExactly(0);
        assertThat(CurvePoints.over(List.of(curve, curve)).breaks()).containsExactly(0, 3, 7);
    }

    @Test
    void aFewPointsStayAsTheyAre() {
        Curve curve = curve(50, new Random(1));
        assertThat(curve.thinned(50)).isSameAs(curve);
        assertThat(curve.after(curve.steps()[48]).size()).isOne();
        assertThat(curve.after(-1).size()).isEqualTo(50);
    }

    @Test
    void theMeanOfSeveralRunsStopsWhereOneEnds() {
        CurvePoints first = new CurvePoints();
        CurvePoints second = new CurvePoints();
        for (int step = 1; step <= 5; step++) {
            first.add(step, step, step, step);
        }
        second.add(2, 4, 4, 4);
        second.add(3, 5, 5, 5);
        second.add(3, Double.NaN, 0, 0);
        Curve mean = CurvePoints.over(List.of(first.curve(), second.curve()));
        assertThat(mean.steps()).containsExactly(2, 3);
        assertThat(mean.values()).containsExactly(3, 4);
        assertThat(mean.low()).containsExactly(2, 3);
        assertThat(mean.high()).containsExactly(4, 5);
    }

    private static Curve curve(int points, Random random) {
        CurvePoints curve = new CurvePoints();
        int step = 0;
        for (int i = 0; i < points; i++) {
            step += 1 + (random.nextInt(10) == 0 ? random.nextInt(20) : 0);
            double value = random.nextGaussian();
            curve.add(step, value, value - random.nextDouble(), value + random.nextDouble());
        }
        return curve.curve();
    }

    private static double[] inRange(Curve curve, int from, int to) {
        CurvePoints points = new CurvePoints();
        for (int i = 0; i < curve.size(); i++) {
            if (curve.steps()[i] >= from && curve.steps()[i] < to) {
                points.add(curve.steps()[i], curve.values()[i], 0, 0);
            }
        }
        return points.curve().values();
    }
}
