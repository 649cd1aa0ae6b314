package org.grpo4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final AtomicLong nanos = new AtomicLong();

    @Test
    void linesComeAtTheStartAtTheEndAndWhenTheLastOneIsOld() {
        Progress progress = new LineProgress("train", 0, 10, 10, nanos::get, out);
        for (int step = 1; step <= 10; step++) {
            nanos.addAndGet(4_000_000_000L);
            progress.step(
                    StepMetrics.at(step).put(Metric.REWARD_MEAN, step / 10.0).build());
        }
        assertThat(text().lines())
                .containsExactly(
                        "train 1/10  reward 0.100",
                        "train 4/10  reward 0.400  24 s left",
                        "train 7/10  reward 0.700  12 s left",
                        "train 10/10  reward 1.000");
    }

    @Test
    void theTimeLeftLeavesOutTheFirstStepAndThoseOfEarlierRuns() {
        Progress progress = new LineProgress("train", 90, 100, 10, nanos::get, out);
        nanos.addAndGet(60_000_000_000L);
        progress.step(StepMetrics.at(91).build());
        nanos.addAndGet(30_000_000_000L);
        progress.step(StepMetrics.at(92).build());
        assertThat(text().lines()).containsExactly("train 91/100", "train 92/100  4 min 0 s left");
    }

    @Test
    void quietIsSilent() {
        try (Progress progress = Progress.start("train", 0, 1, Progress.Style.QUIET, out)) {
            progress.step(StepMetrics.at(1).build());
            progress.note("nothing");
        }
        assertThat(text()).isEmpty();
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
