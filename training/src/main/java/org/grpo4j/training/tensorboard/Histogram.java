package org.grpo4j.training.tensorboard;

import java.util.Arrays;

/**
 * Numbers counted in bins of equal width.
 *
 * @param low left edge of the first bin
 * @param high right edge of the last
 * @param counts numbers in each bin
 * @param sum of the numbers
 * @param sumOfSquares of the numbers
 */
record Histogram(double low, double high, double[] counts, double sum, double sumOfSquares) {
    private static final int MOST_BINS = 30;

    /** Real numbers; bins go from the smallest to the largest. */
    static Histogram of(double[] values) {
        double min = Arrays.stream(values).min().orElse(0);
        double max = Arrays.stream(values).max().orElse(0);
        if (max - min > 0) {
            return counted(values, min, (max - min) / MOST_BINS, MOST_BINS);
        }
        return counted(values, min - 0.5, 1, 1);
    }

    /** Whole numbers, in the middle of bins that each hold equally many of them, lest some bins be twice as full. */
    static Histogram ofWhole(int[] values) {
        int min = Arrays.stream(values).min().orElse(0);
        int max = Arrays.stream(values).max().orElse(0);
        int width = (max - min) / MOST_BINS + 1;
        int bins = (max - min) / width + 1;
        return counted(Arrays.stream(values).asDoubleStream().toArray(), min - 0.5, width, bins);
    }

    private static Histogram counted(double[] values, double low, double width, int bins) {
        double[] counts = new double[bins];
        double sum = 0;
        double squares = 0;
        for (double value : values) {
            counts[Math.min((int) ((value - low) / width), bins - 1)]++;
            sum += value;
            squares += value * value;
        }
        return new Histogram(low, low + bins * width, counts, sum, squares);
    }

    double count() {
        return Arrays.stream(counts).sum();
    }

    /** Right edges of the bins. */
    double[] limits() {
        double[] limits = new double[counts.length];
        Arrays.setAll(limits, i -> low + (high - low) * (i + 1) / counts.length);
        limits[limits.length - 1] = high;
        return limits;
    }
}
