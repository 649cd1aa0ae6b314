package org.grpo4j.training.metrics;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plain line for the first and the last step, and for the others when the last line is old enough. */
final class LineProgress implements Progress {

    static final double INTERVAL_SECONDS = 10;
    private static final int NONE = -1;

    private final String task;
    private final int steps;
    private final double intervalSeconds;
    private final LongSupplier nanoTime;
    private final PrintStream out;
    private int firstStep = NONE;
    private long firstDone;
    private long lastLine;

    LineProgress(String task, int steps, double intervalSeconds, LongSupplier nanoTime, PrintStream out) {
        this.task = task;
        this.steps = steps;
        this.intervalSeconds = intervalSeconds;
        this.nanoTime = nanoTime;
        this.out = out;
    }

    @Override
    public void step(StepMetrics metrics) {
        long now = nanoTime.getAsLong();
        if (firstStep == NONE) {
            firstStep = metrics.step();
            firstDone = now;
        } else if (metrics.step() < steps && (now - lastLine) / 1e9 < intervalSeconds) {
            return;
        }
        lastLine = now;
        String place = task + " " + metrics.step() + "/" + steps;
        out.println(Stream.of(place, Summary.of(metrics), left(metrics, now))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("  ")));
    }

    /** The first step compiles plans and takes many times longer than the others, so nothing is told from it. */
    private String left(StepMetrics metrics, long now) {
        if (metrics.step() <= firstStep || metrics.step() >= steps) {
            return "";
        }
        double each = (now - firstDone) / 1e9 / (metrics.step() - firstStep);
        return Summary.duration(each * (steps - metrics.step())) + " left";
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
