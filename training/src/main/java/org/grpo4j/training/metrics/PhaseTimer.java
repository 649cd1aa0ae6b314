package org.grpo4j.training.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Adds up the seconds spent in each phase of a step, and says which one is going on:
 * <pre>{@code
 * try (var phase = timer.phase("rollout")) { … }
 * }</pre>
 * Phases must not be nested, or their time counts twice. One thread at a time.
 */
public final class PhaseTimer {

    private final LongSupplier nanoTime;
    private final PhaseProgress progress;
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    /** A timer of phases that nobody watches. */
    public PhaseTimer() {
        this(new PhaseProgress());
    }

    /** @param progress learns which phase is going on */
    public PhaseTimer(PhaseProgress progress) {
        this(progress, System::nanoTime);
    }

    /** @param nanoTime the clock, in nanoseconds */
    PhaseTimer(PhaseProgress progress, LongSupplier nanoTime) {
        this.progress = progress;
        this.nanoTime = nanoTime;
    }

    /** Where those who work in a phase report how far they are. */
    public PhaseProgress progress() {
        return progress;
    }

    /** Starts a phase; closing what is returned ends it. */
    public Phase phase(String name) {
        long start = nanoTime.getAsLong();
        progress.begin(name);
        return () -> {
            progress.end();
            seconds.merge(name, (nanoTime.getAsLong() - start) / 1e9, Double::sum);
        };
    }

    /** The seconds of every phase since the last call, in the order the phases first ended. */
    public Map<String, Double> drain() {
        Map<String, Double> result = new LinkedHashMap<>(seconds);
        seconds.clear();
        return result;
    }

    /** A running phase. */
    @FunctionalInterface
    public interface Phase extends AutoCloseable {
        @Override
        void close();
    }
}
