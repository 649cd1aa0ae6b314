package org.grpo4j.training.report;

import java.util.Arrays;

/**
 * A metric over the steps, with a range at each point. After {@link #thinned} a point stands for {@code every} steps: its
 * value is their mean and its range reaches from the smallest to the largest of them, so no peak is lost.
 *
 * @param steps {@code [P]}, ascending; the first step a point stands for
 * @param values {@code [P]}
 * @param low {@code [P]}, lower end of the range; equal to the value where there is none
 * @param high {@code [P]}
 * @param gaps steps whose value was not finite, ascending
 * @param every steps a point stands for
 */
record Curve(int[] steps, double[] values, double[] low, double[] high, int[] gaps, int every) {

    /** Points beyond which a curve on a screen shows no more. */
    static final int MOST = 1000;

    int size() {
        return steps.length;
    }

    /** The points after a step. */
    Curve after(int step) {
        int from = 0;
        while (from < steps.length && steps[from] <= step) {
            from++;
        }
        return part(
                from,
                steps.length,
                Arrays.stream(gaps).filter(gap -> gap > step).toArray());
    }

    /** The values alone. */
    Curve withoutRange() {
        return new Curve(steps, values, values, values, gaps, every);
    }

    /** Points between which and those before there is a gap. */
    int[] breaks() {
        int[] breaks = new int[Math.min(gaps.length, steps.length)];
        int count = 0;
        int gap = 0;
        for (int i = 0; i < steps.length; i++) {
            boolean broken = false;
            for (; gap < gaps.length && gaps[gap] < steps[i]; gap++) {
                broken |= i == 0 || gaps[gap] >= steps[i - 1] + every;
            }
            if (broken) {
                breaks[count++] = i;
            }
        }
        return Arrays.copyOf(breaks, count);
    }

    private Curve part(int from, int to, int[] itsGaps) {
        return new Curve(
                Arrays.copyOfRange(steps, from, to),
                Arrays.copyOfRange(values, from, to),
                Arrays.copyOfRange(low, from, to),
                Arrays.copyOfRange(high, from, to),
                itsGaps,
                every);
    }

    /** At most {@code most} points, each for the same number of steps; this curve if it has no more. */
    Curve thinned(int most) {
        if (size() <= most) {
            return this;
        }
        int first = steps[0];
        int width = (int) (((long) steps[size() - 1] - first) / most + 1);
        int[] at = new int[most];
        double[] mean = new double[most];
        double[] least = new double[most];
        double[] greatest = new double[most];
        int points = 0;
        for (int from = 0, to; from < size(); from = to) {
            int start = first + (steps[from] - first) / width * width;
            double sum = 0;
            least[points] = low[from];
            greatest[points] = high[from];
            for (to = from; to < size() && steps[to] - start < width; to++) {
                sum += values[to];
                least[points] = Math.min(least[points], low[to]);
                greatest[points] = Math.max(greatest[points], high[to]);
            }
            at[points] = start;
            mean[points++] = sum / (to - from);
        }
        return new Curve(at, mean, least, greatest, gaps, width).part(0, points, gaps);
    }
}
