package org.grpo4j.training.metrics;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Timer;
import java.util.TimerTask;

/**
 * A display that a thread of its own keeps drawing, and that leaves the screen in order however the process ends. What is
 * logged to standard error meanwhile appears above it.
 */
final class LiveProgress implements Progress {

    private final BarProgress display;
    private final Timer clock = new Timer("progress", true);
    private final PrintStream standardError;
    private final Thread atExit;

    /**
     * Takes over a display.
     *
     * @param millis between two drawings
     * @param standardError as it is without the display
     */
    LiveProgress(BarProgress display, long millis, PrintStream standardError) {
        this.display = display;
        this.standardError = standardError;
        System.setErr(new PrintStream(new Above(), true, StandardCharsets.UTF_8));
        // A signal ends the process without a look at try-with-resources.
        this.atExit = new Thread(display::close, "progress-end");
        Runtime.getRuntime().addShutdownHook(atExit);
        clock.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        display.draw();
                    }
                },
                0,
                millis);
    }

    @Override
    public PhaseProgress phases() {
        return display.phases();
    }

    @Override
    public void step(StepMetrics metrics) {
        display.step(metrics);
    }

    @Override
    public void note(String line) {
        display.note(line);
    }

    @Override
    public void close() {
        clock.cancel();
        display.close();
        System.setErr(standardError);
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The process ends already, and then the display is closed twice, which does no harm.
            return;
        }
    }

    /** Standard error while the display is there. */
    private final class Above extends OutputStream {
        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (length > 0) {
                display.printAbove(bytes, offset, length, standardError);
            }
        }
    }
}
