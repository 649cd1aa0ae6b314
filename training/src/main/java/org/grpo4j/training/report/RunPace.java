package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.LongSupplier;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.metrics.TimeLeft;

/** How far a run is and how long it will take, as the terminal tells it. The run's thread writes, others read. */
final class RunPace {

    private final int steps;
    private final LongSupplier nanoTime;
    private final long start;
    private final TimeLeft timeLeft;
    private int done;

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
        this.timeLeft = new TimeLeft(done, steps, nanoTime);
    }

    /** A step is done; 0 is the evaluation before the first. */
    synchronized void step(StepMetrics metrics) {
        timeLeft.step(metrics);
        done = metrics.step();
    }

    synchronized void put(ObjectNode node) {
        node.put("step", done).put("steps", steps).put("elapsed", (nanoTime.getAsLong() - start) / 1_000_000_000);
        timeLeft.seconds().ifPresent(seconds -> node.put("left", Math.round(seconds)));
    }
}
