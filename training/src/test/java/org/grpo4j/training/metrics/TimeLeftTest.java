package org.grpo4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeLeftTest {

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void theFirstStepTellsNothing() {
        TimeLeft left = new TimeLeft(0, 10, nanos::get);
        step(left, 1, 100, 0);
        assertThat(left.seconds()).isEmpty();
        assertThat(left.remark()).isEmpty();
        step(left, 2, 5, 0);
        assertThat(left.seconds().orElseThrow()).isEqualTo(40);
        assertThat(left.remark()).isEqualTo("40 s left");
    }

    @Test
    void onlyRecentStepsCount() {
        TimeLeft left = new TimeLeft(0, 1000, nanos::get);
        for (int step = 1; step <= 30; step++) {
            step(left, step, 50, 0);
        }
        for (int step = 31; step <= 50; step++) {
            step(left, step, 2, 0);
        }
        assertThat(left.seconds().orElseThrow()).isEqualTo(950 * 2);
    }

    @Test
    void timeGoesByWithinAStepButAStepThatIsLateDoesNotTakeFromTheOthers() {
        TimeLeft left = new TimeLeft(0, 10, nanos::get);
        step(left, 1, 1, 0);
        step(left, 2, 10, 0);
        pass(4);
        assertThat(left.seconds().orElseThrow()).isEqualTo(76);
        pass(400);
        assertThat(left.seconds().orElseThrow()).isEqualTo(70);
    }

    /** Steps of 1 s, evaluations of 30 s after steps 0, 10, 20 … 100: what is told is what it then takes. */
    @Test
    void evaluationsAreCountedByTheirDistance() {
        TimeLeft left = new TimeLeft(0, 100, nanos::get);
        step(left, 0, 30, 30);
        double[] told = new double[100];
        long[] at = new long[100];
        for (int step = 1; step <= 100; step++) {
            boolean evaluates = step % 10 == 0;
            step(left, step, evaluates ? 31 : 1, evaluates ? 30 : 0);
            if (step < 100) {
                told[step] = left.seconds().orElse(Double.NaN);
                at[step] = nanos.get();
            }
        }
        for (int step = 10; step < 100; step++) {
            assertThat(told[step]).as("after step " + step).isCloseTo((nanos.get() - at[step]) / 1e9, within(1e-6));
        }
        // Before the distance is known, the evaluation at the end is.
        assertThat(told[5]).isEqualTo(95 + 30);
        assertThat(left.seconds()).isEmpty();
    }

    @Test
    void aResumedRunKnowsTheDistanceAfterTwoEvaluations() {
        TimeLeft left = new TimeLeft(40, 100, nanos::get);
        step(left, 41, 9, 0);
        step(left, 42, 31, 30);
        assertThat(left.seconds().orElseThrow()).isEqualTo(58 + 30);
        for (int step = 43; step < 52; step++) {
            step(left, step, 1, 0);
        }
        step(left, 52, 31, 30);
        assertThat(left.seconds().orElseThrow()).isEqualTo(48 + 5 * 30);
    }

    private void step(TimeLeft left, int step, long seconds, double evaluation) {
        pass(seconds);
        left.step(StepMetrics.at(step)
                .seconds(evaluation > 0 ? Map.of("evaluation", evaluation) : Map.of())
                .build());
    }

    private void pass(long seconds) {
        nanos.addAndGet(seconds * 1_000_000_000L);
    }
}
