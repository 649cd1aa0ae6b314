package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;

/**
 * Ragged sequences on a grid whose padding is zero, and a second value for every step. They are lists of numbers with one
 * digit after the point, so that a failing case shrinks to a few steps that can be read.
 */
record Sequences(List<List<Step>> rows) {

    /** Lengths up to here have one, two or three chunks of a trace, even and padded ones. */
    static final int LONGEST = 150;

    /** A value to trace, and a weight of the traced value at its place. */
    record Step(double d, double delta) {}

    /** One to three sequences of any length up to {@value #LONGEST}. */
    static final class Supplier implements ArbitrarySupplier<Sequences> {
        @Override
        public Arbitrary<Sequences> get() {
            Arbitrary<Double> values = Arbitraries.integers().between(-30, 30).map(tenths -> tenths / 10.0);
            return Combinators.combine(values, values)
                    .as(Step::new)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(LONGEST)
                    .withSizeDistribution(RandomDistribution.uniform())
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(3)
                    .map(Sequences::new);
        }
    }

    /** Every decay, the ends and the paper's often. */
    static final class Decays implements ArbitrarySupplier<Double> {
        @Override
        public Arbitrary<Double> get() {
            return Arbitraries.oneOf(
                    Arbitraries.of(0.0, 0.5, 0.99, 1.0),
                    Arbitraries.doubles().between(0, 1).ofScale(4));
        }
    }

    int time() {
        return rows.stream().mapToInt(List::size).max().orElseThrow();
    }

    /** {@code [rows, time]}. */
    double[][] d() {
        return grid(Step::d);
    }

    /** {@code [rows, time]}. */
    double[][] delta() {
        return grid(Step::delta);
    }

    private double[][] grid(ToDoubleFunction<Step> value) {
        double[][] grid = new double[rows.size()][time()];
        for (int i = 0; i < grid.length; i++) {
            for (int t = 0; t < rows.get(i).size(); t++) {
                grid[i][t] = value.applyAsDouble(rows.get(i).get(t));
            }
        }
        return grid;
    }

    @Override
    public String toString() {
        return rows.stream()
                .map(row -> "d = " + line(row, Step::d) + ", delta = " + line(row, Step::delta))
                .collect(Collectors.joining("; "));
    }

    private static String line(List<Step> row, ToDoubleFunction<Step> value) {
        return Arrays.toString(row.stream().mapToDouble(value).toArray());
    }
}
