package org.grpo4j.training.metrics;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/** A plain line for the first and the last step, and for the others when the last line is old enough. */
final class LineProgress implements Progress {

    static final double INTERVAL_SECONDS = 10;

    private final String task;
    private final int first;
    private final int steps;
    private final double intervalSeconds;
    private final LongSupplier nanoTime;
    private final PrintStream out;
    private final long start;
    private long lastLine;
    private boolean printed;

    LineProgress(String task, int done, int steps, double intervalSeconds, LongSupplier nanoTime, PrintStream out) {
        this.task = task;
        this.first = done;
        this.steps = steps;
        this.intervalSeconds = intervalSeconds;
        this.nanoTime = nanoTime;
        this.out = out;
        this.start = nanoTime.getAsLong();
        this.lastLine = start;
    }

    @Override
    public void step(StepMetrics metrics) {
        long now = nanoTime.getAsLong();
        boolean due = !printed || metrics.step() >= steps || (now - lastLine) / 1e9 >= intervalSeconds;
        if (!due) {
            return;
        }
        printed = true;
        lastLine = now;
        int behind = Math.max(1, metrics.step() - first);
        double left = (now - start) / 1e9 / behind * (steps - metrics.step());
        out.printf(
                Locale.ROOT,
                "%s %d/%d  %s  %s left%n",
                task,
                metrics.step(),
                steps,
                Summary.of(metrics),
                Summary.duration(left));
    }

    @Override
    public void note(String line) {
        out.println(line);
    }

    @Override
    public void close() {
        out.flush();
    }
}
