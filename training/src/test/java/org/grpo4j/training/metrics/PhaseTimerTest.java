package org.grpo4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PhaseTimerTest {

    private final AtomicLong nanos = new AtomicLong();
    private final PhaseProgress progress = new PhaseProgress();
    private final PhaseTimer timer = new PhaseTimer(progress, nanos::get);

    @Test
    void addsUpThePhasesOfAStepAndStartsAfresh() {
        spend("rollout", 1);
        spend("train", 2);
        spend("rollout", 3);
        assertThat(timer.drain()).containsExactly(Map.entry("rollout", 4.0), Map.entry("train", 2.0));
        assertThat(timer.drain()).isEmpty();
    }

    private void spend(String name, long seconds) {
        try (PhaseTimer.Phase phase = timer.phase(name)) {
            nanos.addAndGet(seconds * 1_000_000_000L);
        }
    }
}
