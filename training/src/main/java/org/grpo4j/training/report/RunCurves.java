package org.grpo4j.training.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.jspecify.annotations.Nullable;

/** The curves of a run, which may be going on: half a kilobyte to one kilobyte a step. One thread at a time. */
public final class RunCurves {

    private static final Curve EMPTY = new CurvePoints().curve();

    private final Map<Chart, CurvePoints> charts = new LinkedHashMap<>();
    private final Map<String, CurvePoints> seconds = new LinkedHashMap<>();
    private int lastStep = -1;

    /** The curves of steps that are over. */
    public static RunCurves of(List<StepMetrics> steps) {
        RunCurves curves = new RunCurves();
        steps.forEach(curves::add);
        return curves;
    }

    /** Adds a step. One that is not later than those before, as in a file that was put together by hand, is left out. */
    public void add(StepMetrics step) {
        if (step.step() <= lastStep) {
            return;
        }
        for (Chart chart : Chart.ALL) {
            Double value = step.values().get(chart.metric().key());
            if (value != null) {
                charts.computeIfAbsent(chart, c -> new CurvePoints())
                        .add(step.step(), value, value(step, chart.low()), value(step, chart.high()));
            }
        }
        step.seconds()
                .forEach((phase, spent) ->
                        seconds.computeIfAbsent(phase, p -> new CurvePoints()).add(step.step(), spent, spent, spent));
        lastStep = step.step();
    }

    /** NaN without a metric or a value. */
    private static double value(StepMetrics step, @Nullable Metric metric) {
        OptionalDouble value = metric == null ? OptionalDouble.empty() : step.value(metric);
        return value.orElse(Double.NaN);
    }

    /** The last step that was added; −1 before the first. */
    public int lastStep() {
        return lastStep;
    }

    /** Empty if the metric was never measured. */
    Curve curve(Chart chart) {
        CurvePoints points = charts.get(chart);
        return points == null ? EMPTY : points.curve();
    }

    /** Seconds of every phase, by name, at the steps that had it. */
    Map<String, Curve> seconds() {
        Map<String, Curve> curves = new LinkedHashMap<>();
        seconds.forEach((phase, points) -> curves.put(phase, points.curve()));
        return curves;
    }
}
