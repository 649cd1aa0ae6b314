package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.LongSupplier;

/** How far a run is and how long it will take. The run's thread writes, others read. */
final class RunPace {

    /** Weight of what was before in the seconds of a step, which change as completions grow. */
    private static final double KEEP = 0.9;

    private final int steps;
    private final LongSupplier nanoTime;
    private final long start;
    private volatile int done;
    private volatile double secondsOfStep = Double.NaN;
    private long lastStep;
    private boolean first = true;

    /**
     * A run that starts now.
     *
     * @param done steps behind a resumed run
     * @param steps of the whole run
     */
    RunPace(int done, int steps, LongSupplier nanoTime) {
        this.done = done;
        this.steps = steps;
        this.nanoTime = nanoTime;
        this.start = nanoTime.getAsLong();
    }

    /** A step is done; 0 is the evaluation before the first. */
    void step(int step) {
        long now = nanoTime.getAsLong();
        if (step > 0) {
            // The first step compiles plans and takes many times longer than the others, so nothing is told from it.
            if (!first) {
                double seconds = (now - lastStep) / 1e9;
                double before = secondsOfStep;
                secondsOfStep = Double.isNaN(before) ? seconds : KEEP * before + (1 - KEEP) * seconds;
            }
            first = false;
            lastStep = now;
            done = step;
        }
    }

    void put(ObjectNode node) {
        node.put("step", done).put("steps", steps).put("elapsed", (nanoTime.getAsLong() - start) / 1_000_000_000);
        double each = secondsOfStep;
        if (!Double.isNaN(each) && done < steps) {
            node.put("left", Math.round(each * (steps - done)));
        }
    }
}
