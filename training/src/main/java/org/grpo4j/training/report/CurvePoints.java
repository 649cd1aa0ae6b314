package org.grpo4j.training.report;

import java.util.Arrays;
import java.util.List;

/** A curve that grows step by step. One thread at a time. */
final class CurvePoints {

    private int[] steps = new int[16];
    private double[] values = new double[16];
    private double[] low = new double[16];
    private double[] high = new double[16];
    private int[] gaps = new int[0];
    private int size;
    private int gapCount;

    /** Adds a point; one whose value is not finite is a gap. */
    void add(int step, double value, double least, double greatest) {
        if (!Double.isFinite(value)) {
            addGap(step);
            return;
        }
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
            low = Arrays.copyOf(low, 2 * size);
            high = Arrays.copyOf(high, 2 * size);
        }
        steps[size] = step;
        values[size] = value;
        low[size] = Double.isFinite(least) ? least : value;
        high[size++] = Double.isFinite(greatest) ? greatest : value;
    }

    private void addGap(int step) {
        if (gapCount == gaps.length) {
            gaps = Arrays.copyOf(gaps, 2 * gapCount + 1);
        }
        gaps[gapCount++] = step;
    }

    Curve curve() {
        return new Curve(
                Arrays.copyOf(steps, size),
                Arrays.copyOf(values, size),
                Arrays.copyOf(low, size),
                Arrays.copyOf(high, size),
                Arrays.copyOf(gaps, gapCount),
                1);
    }

    /**
     * Mean and range of several runs: at each step that all of them have measured, so that the mean does not jump where
     * one of them ends.
     */
    static Curve over(List<Curve> runs) {
        CurvePoints all = new CurvePoints();
        int[] at = new int[runs.size()];
        Curve first = runs.get(0);
        for (int i = 0; i < first.size(); i++) {
            int step = first.steps()[i];
            double sum = 0;
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            boolean everywhere = true;
            for (int run = 0; run < at.length && everywhere; run++) {
                Curve curve = runs.get(run);
                while (at[run] < curve.size() && curve.steps()[at[run]] < step) {
                    at[run]++;
                }
                everywhere = at[run] < curve.size() && curve.steps()[at[run]] == step;
                if (everywhere) {
                    double value = curve.values()[at[run]];
                    sum += value;
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                }
            }
            if (everywhere) {
                all.add(step, sum / at.length, least, greatest);
            }
        }
        runs.stream()
                .flatMapToInt(run -> Arrays.stream(run.gaps()))
                .distinct()
                .sorted()
                .forEach(all::addGap);
        return all.curve();
    }
}
