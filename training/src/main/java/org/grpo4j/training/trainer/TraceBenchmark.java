package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.op.TraceProduct;
import org.grpo4j.framework.plan.Plan;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How long an eligibility trace takes, forward and backward, on one thread, for sequences of several lengths. */
public final class TraceBenchmark implements AutoCloseable {
    private static final int WARM_UP = 200;
    /** Runs under one reading of the clock: a single one of a short trace is too quick. */
    private static final int RUNS = 20;

    private final List<Plan> plans = new ArrayList<>();

    /**
     * A benchmark of one trace.
     *
     * @param rows sequences
     * @param times lengths to measure, tokens
     */
    public TraceBenchmark(EligibilityTrace trace, int rows, List<Integer> times) {
        for (int time : times) {
            plans.add(plan(trace, rows, time));
        }
    }

    private static Plan plan(EligibilityTrace trace, int rows, int time) {
        SameDiff graph = Graphs.create();
        SDVariable d = graph.placeHolder("d", DataType.FLOAT, rows, time);
        SDVariable upstream = graph.placeHolder("upstream", DataType.FLOAT, rows, time);
        SDVariable z = new TraceProduct(trace, rows, time, false).apply(d);
        SDVariable gradient = new TraceProduct(trace, rows, time, true).apply(upstream);
        Plan plan = Plan.compile(graph, List.of(z.name(), gradient.name()));
        fill(plan.input(d.name()));
        fill(plan.input(upstream.name()));
        return plan;
    }

    private static void fill(INDArray array) {
        Random random = new Random(0);
        float[] values = new float[(int) array.length()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        Grid.write(array, values);
    }

    /** Median seconds of a trace with its gradient, one entry a length. The lengths take turns. */
    public List<Double> seconds(int repeats) {
        plans.forEach(plan -> time(plan, WARM_UP));
        double[][] seconds = new double[plans.size()][repeats];
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (int i = 0; i < plans.size(); i++) {
                seconds[i][repeat] = time(plans.get(i), RUNS);
            }
        }
        List<Double> medians = new ArrayList<>();
        for (double[] ofLength : seconds) {
            medians.add(Median.of(ofLength));
        }
        return medians;
    }

    private static double time(Plan plan, int runs) {
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            plan.run();
        }
        return (System.nanoTime() - start) / 1e9 / runs;
    }

    @Override
    public void close() {
        plans.forEach(Plan::close);
    }
}
