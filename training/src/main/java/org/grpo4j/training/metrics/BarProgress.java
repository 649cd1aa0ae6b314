package org.grpo4j.training.metrics;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar with the time left and the last metrics. */
final class BarProgress implements Progress {

    private final ProgressBar bar;
    private final PrintStream out;
    private final int columns;

    BarProgress(String task, int done, int steps, int columns, PrintStream out) {
        this.out = out;
        this.columns = columns;
        this.bar = new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(steps)
                .startsFrom(done, Duration.ZERO)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(500)
                .setConsumer(new ConsoleProgressBarConsumer(out, columns))
                .build();
    }

    @Override
    public void step(StepMetrics metrics) {
        bar.setExtraMessage(" " + Summary.of(metrics));
        bar.stepTo(metrics.step());
    }

    /** The bar draws itself again below the note. */
    @Override
    public void note(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, columns - line.length() - 1)) + System.lineSeparator());
        bar.refresh();
    }

    @Override
    public void close() {
        bar.close();
    }
}
