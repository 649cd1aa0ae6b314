package org.grpo4j.training.metrics;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How far the present phase of a step is. Those who work count what they have done, from any thread; who wants to know
 * looks. So nobody waits for a display, and without one a count is all it costs.
 */
public class PhaseProgress {

    private volatile @Nullable Phase phase;

    /**
     * A phase as it is now.
     *
     * @param name such as {@code rollout}
     * @param done units done, at most {@code total}
     * @param total units of the phase; 0 if it does not say
     */
    public record Snapshot(String name, int done, int total) {}

    private record Phase(String name, int total, AtomicInteger done) {}

    void begin(String name) {
        phase = new Phase(name, 0, new AtomicInteger());
    }

    void end() {
        phase = null;
    }

    /** The present phase has so many units to do, such as completions or micro-batches, and has done none of them. */
    public void expect(int units) {
        Phase present = phase;
        if (present != null) {
            phase = new Phase(present.name, units, new AtomicInteger());
        }
    }

    /** One more unit is done. */
    public void advance() {
        Phase present = phase;
        if (present != null) {
            present.done.incrementAndGet();
        }
    }

    /** The present phase, or null between phases. */
    public @Nullable Snapshot now() {
        Phase present = phase;
        return present == null
                ? null
                : new Snapshot(present.name, Math.min(present.done.get(), present.total), present.total);
    }
}
