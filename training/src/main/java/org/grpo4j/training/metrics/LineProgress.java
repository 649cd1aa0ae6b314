package org.grpo4j.training.metrics;

import java.io.PrintStream;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A plain line for the first and the last step, and for the others when the last line is old enough. */
final class LineProgress implements Progress {

    static final double INTERVAL_SECONDS = 10;

    private final String task;
    private final int steps;
    private final double intervalSeconds;
    private final LongSupplier nanoTime;
    private final PrintStream out;
    private final PhaseProgress phases = new PhaseProgress();
    private final TimeLeft timeLeft;
    private boolean started;
    private long lastLine;

    LineProgress(String task, int done, int steps, double intervalSeconds, LongSupplier nanoTime, PrintStream out) {
        this.task = task;
        this.steps = steps;
        this.intervalSeconds = intervalSeconds;
        this.nanoTime = nanoTime;
        this.timeLeft = new TimeLeft(done, steps, nanoTime);
        this.out = out;
    }

    @Override
    public PhaseProgress phases() {
        return phases;
    }

    @Override
    public void step(StepMetrics metrics) {
        timeLeft.step(metrics);
        long now = nanoTime.getAsLong();
        if (started && metrics.step() < steps && (now - lastLine) / 1e9 < intervalSeconds) {
            return;
        }
        started = true;
        lastLine = now;
        String place = task + " " + metrics.step() + "/" + steps;
        out.println(Stream.of(place, Summary.of(metrics), timeLeft.remark())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("  ")));
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
