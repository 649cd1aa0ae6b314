package org.grpo4j.training.metrics;

import java.io.PrintStream;

/** Shows on the screen how far a run is. One thread at a time, but for what {@link #phases} hears. */
public interface Progress extends AutoCloseable {

    /** Where the run reports how far the phases of a step are. */
    PhaseProgress phases();

    /** A step is done. */
    void step(StepMetrics metrics);

    /** A line of its own, such as the result of an evaluation or the name of a checkpoint. */
    void note(String line);

    /** Ends the display; the last state stays on the screen. */
    @Override
    void close();

    /** How to show it. */
    enum Style {
        /** A bar on a terminal, lines elsewhere. */
        AUTO,
        /** Bars of the run and of its present phase that are drawn over and over. */
        BAR,
        /** A line from time to time, for log files. */
        LINES,
        /** Nothing. */
        QUIET
    }

    /**
     * Starts a display.
     *
     * @param task name in front of it, such as {@code train}
     * @param done steps a resumed run has behind it
     * @param steps steps of the whole run
     * @param out where to, usually standard error
     */
    static Progress start(String task, int done, int steps, Style style, PrintStream out) {
        return switch (style) {
            case QUIET -> new QuietProgress();
            case BAR -> BarProgress.live(task, done, steps, out);
            case LINES -> new LineProgress(task, done, steps, LineProgress.INTERVAL_SECONDS, System::nanoTime, out);
            case AUTO -> start(task, done, steps, Terminal.present() ? Style.BAR : Style.LINES, out);
        };
    }
}
