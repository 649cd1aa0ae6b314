package org.grpo4j.training.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.training.trainer.StopRequest;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * What {@code kill}, Ctrl-C and a terminal that is closed do to a run: the first asks it to stop with a checkpoint, the second ends the process at
 * once. Closing this gives the signals back their old meaning.
 */
final class StopSignals implements AutoCloseable {
    /** A process that a signal ends has this plus the signal's number as its exit code. */
    private static final int ENDED_BY_SIGNAL = 128;

    /** A terminal that is closed sends it, often more than once: it never ends the process at once. */
    private static final String HANG_UP = "HUP";

    private final StopRequest stop;
    private final PrintWriter err;
    private final List<Replaced> replaced = new ArrayList<>();

    private record Replaced(Signal signal, SignalHandler handler) {}

    StopSignals(StopRequest stop, PrintWriter err) {
        this.stop = stop;
        this.err = err;
        for (String name : List.of("TERM", "INT", HANG_UP)) {
            Signal signal = new Signal(name);
            try {
                replaced.add(new Replaced(signal, Signal.handle(signal, this::stop)));
            } catch (IllegalArgumentException taken) {
                // With -Xrs, or where the system has no such signal, it keeps the meaning it has.
                continue;
            }
        }
    }

    private void stop(Signal signal) {
        boolean again = stop.isRequested();
        if (again && signal.getName().equals(HANG_UP)) {
            return;
        }
        if (again) {
            Runtime.getRuntime().halt(ENDED_BY_SIGNAL + signal.getNumber());
        }
        stop.request();
        err.println(
                "stopping after the present step, with a checkpoint; the same again ends at once and loses the step");
        err.flush();
    }

    @Override
    public void close() {
        replaced.forEach(signal -> Signal.handle(signal.signal, signal.handler));
    }
}
