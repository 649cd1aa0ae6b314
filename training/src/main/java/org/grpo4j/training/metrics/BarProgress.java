package org.grpo4j.training.metrics;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.grpo4j.training.metrics.PhaseProgress.Snapshot;

/**
 * A bar of the run, a bar of its present phase and the last metrics, on three lines that are drawn over and over.
 *
 * <p>Between drawings the cursor stands at the beginning of the first of them. When a window gets narrower, most terminals
 * break the lines that no longer fit and keep the cursor with its text; then everything from the cursor on is the old
 * display, however many rows it has become, and the next drawing wipes it. Some terminals are late to tell their new width
 * (tmux by a quarter of a second), so lines are drawn with breaking switched off. The price: after a kill −9, which nobody
 * can hear, the shell's prompt comes where the display began, and writes over it.
 */
final class BarProgress implements Progress {
    private static final String WIPE_BELOW = "\u001b[J";
    private static final String NO_BREAKS = "\u001b[?7l";
    private static final String BREAKS = "\u001b[?7h";
    private static final int MILLIS = 200;
    /** Rows that a screen must have for all three lines. */
    private static final int ENOUGH_ROWS = 5;

    private final String task;
    private final int steps;
    private final Supplier<Terminal.Size> size;
    private final boolean drawsLines;
    private final PrintStream out;
    private final PhaseProgress phases = new PhaseProgress();
    private final Summary summary = new Summary();
    private final TimeLeft timeLeft;
    private int done;
    private String drawn = "";
    private boolean withinLine;
    private boolean closed;

    /** A display that shows nothing before it is told to {@link #draw}. */
    BarProgress(
            String task,
            int done,
            int steps,
            Supplier<Terminal.Size> size,
            boolean drawsLines,
            LongSupplier nanoTime,
            PrintStream out) {
        this.task = task;
        this.done = done;
        this.steps = steps;
        this.size = size;
        this.drawsLines = drawsLines;
        this.timeLeft = new TimeLeft(done, steps, nanoTime);
        this.out = out;
    }

    /** A display that draws itself several times a second until it is closed, which the end of the process does, too. */
    static Progress live(String task, int done, int steps, PrintStream out) {
        BarProgress bar =
                new BarProgress(task, done, steps, Terminal::size, Terminal.drawsLines(), System::nanoTime, out);
        return new LiveProgress(bar, MILLIS, System.err);
    }

    @Override
    public PhaseProgress phases() {
        return phases;
    }

    @Override
    public synchronized void step(StepMetrics metrics) {
        done = metrics.step();
        summary.add(metrics);
        timeLeft.step(metrics);
    }

    @Override
    public synchronized void note(String line) {
        byte[] bytes = (line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        printAbove(bytes, 0, bytes.length, out);
        draw();
    }

    /** Prints what others have to say where the display stands, which goes on below it once the line has ended. */
    synchronized void printAbove(byte[] bytes, int offset, int length, PrintStream target) {
        if (!closed && !withinLine) {
            out.print("\r" + WIPE_BELOW);
            out.flush();
        }
        target.write(bytes, offset, length);
        target.flush();
        withinLine = bytes[offset + length - 1] != '\n';
        drawn = "";
    }

    /** Draws the present state over the last one. */
    synchronized void draw() {
        if (closed || withinLine) {
            return;
        }
        Terminal.Size now = size.get();
        // The last column stays free: some terminals go to the next line as soon as it is written.
        int columns = now.columns() - 1;
        List<String> lines = lines(columns, now.rows());
        String drawing = text(lines) + up(lines.size() - 1) + "\r";
        if (!drawing.equals(drawn)) {
            out.print(drawing);
            out.flush();
            drawn = drawing;
        }
    }

    private List<String> lines(int columns, int rows) {
        List<String> lines = new ArrayList<>();
        lines.add(new BarLine(task, done, steps, timeLeft.remark()).draw(columns, drawsLines));
        if (rows >= ENOUGH_ROWS) {
            Snapshot phase = phases.now();
            // Between two phases there is an empty line, so that the display does not jump.
            lines.add(
                    phase == null
                            ? ""
                            : new BarLine(phase.name(), phase.done(), phase.total(), "").draw(columns, drawsLines));
            lines.add(summary.line(columns));
        }
        return lines;
    }

    /** Wipes first: a terminal forgets that it had broken a line only when all of the line is wiped. */
    private static String text(List<String> lines) {
        return "\r" + WIPE_BELOW + NO_BREAKS + String.join("\r\n", lines) + BREAKS;
    }

    private static String up(int lines) {
        return lines == 0 ? "" : "\u001b[" + lines + "A";
    }

    /** Leaves the bar of the run and the last metrics on the screen, with the cursor below them. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        int columns = size.get().columns() - 1;
        List<String> last = Stream.of(
                        new BarLine(task, done, steps, "").draw(columns, drawsLines), summary.line(columns))
                .filter(line -> !line.isEmpty())
                .toList();
        out.print((withinLine ? "\r\n" : "") + text(last) + "\r\n");
        out.flush();
    }
}
