package org.grpo4j.training.metrics;

import java.util.concurrent.ExecutorService;

/** A display that a thread of its own keeps drawing, and that leaves the screen in order however the process ends. */
final class LiveProgress implements Progress {

    private final Progress display;
    private final ExecutorService clock;
    private final Thread atExit;

    /**
     * Takes over a display and the thread that draws it.
     *
     * @param clock stopped with this display
     */
    LiveProgress(Progress display, ExecutorService clock) {
        this.display = display;
        this.clock = clock;
        // A signal ends the process without a look at try-with-resources.
        this.atExit = new Thread(display::close, "progress-end");
        Runtime.getRuntime().addShutdownHook(atExit);
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
        clock.shutdownNow();
        display.close();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException ending) {
            // The process ends already, and then the display is closed twice, which does no harm.
            return;
        }
    }
}
