package org.grpo4j.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HistogramProperties {

    @Property
    void everyNumberIsInTheBinBetweenItsEdges(
            @ForAll @Size(min = 1, max = 50) List<@DoubleRange(min = -10, max = 10) Double> numbers) {
        double[] values = numbers.stream().mapToDouble(Double::doubleValue).toArray();
        check(Histogram.of(values), values, 1e-9);
    }

    @Property
    void everyWholeNumberIsInTheBinBetweenItsEdges(
            @ForAll @Size(min = 1, max = 50) List<@IntRange(max = 4096) Integer> numbers) {
        int[] values = numbers.stream().mapToInt(Integer::intValue).toArray();
        Histogram histogram = Histogram.ofWhole(values);
        check(histogram, Arrays.stream(values).asDoubleStream().toArray(), 0);
        double width = (histogram.high() - histogram.low()) / histogram.counts().length;
        assertThat(width).isEqualTo(Math.rint(width));
    }

    /** Completion lengths 1 to 100 evenly: no bin may stand out, which bins of a third of the numbers would not give. */
    @Example
    void evenNumbersGiveEvenBins() {
        double[] counts =
                Histogram.ofWhole(IntStream.rangeClosed(1, 100).toArray()).counts();
        assertThat(counts).hasSize(25).containsOnly(4.0);
    }

    @Example
    void equalNumbersHaveABinAroundThem() {
        Histogram histogram = Histogram.of(new double[] {0, 0, 0});
        assertThat(histogram.counts()).containsExactly(3.0);
        assertThat(histogram.low()).isEqualTo(-0.5);
        assertThat(histogram.high()).isEqualTo(0.5);
    }

    private static void check(Histogram histogram, double[] values, double tolerance) {
        double[] limits = histogram.limits();
        assertThat(histogram.count()).isEqualTo(values.length);
        assertThat(limits.length).isLessThanOrEqualTo(30);
        assertThat(limits[limits.length - 1]).isEqualTo(histogram.high());
        double left = histogram.low();
        for (int bin = 0; bin < limits.length; bin++) {
            double from = left - tolerance;
            double to = limits[bin] + tolerance;
            double[] inside =
                    Arrays.stream(values).filter(v -> v >= from && v <= to).toArray();
            double[] within = Arrays.stream(values)
                    .filter(v -> v > from + 2 * tolerance && v < to - 2 * tolerance)
                    .toArray();
            // Numbers on an edge may be counted on either side of it.
            assertThat(histogram.counts()[bin]).isBetween((double) within.length, (double) inside.length);
            left = limits[bin];
        }
        assertThat(histogram.sum()).isCloseTo(Arrays.stream(values).sum(), within(1e-9));
        assertThat(histogram.sumOfSquares())
                .isCloseTo(Arrays.stream(values).map(v -> v * v).sum(), within(1e-6));
    }
}
