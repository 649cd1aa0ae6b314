package org.grpo4j.training.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.grpo4j.training.trainer.Evaluator;
import org.junit.jupiter.api.Test;

class IntervalTest {

    /** Reference: Wilson's interval of 8 successes in 10, {@code statsmodels.stats.proportion.proportion_confint}. */
    @Test
    void independentCompletionsHaveWilsonsInterval() {
        Interval interval = Interval.of(result(0.8, 0, 10));
        assertThat(interval.low()).isEqualTo(0.4901625, within(1e-6));
        assertThat(interval.high()).isEqualTo(0.9433178, within(1e-6));
    }

    @Test
    void completionsThatAgreeByProblemCountOnce() {
        double oneEach = Math.sqrt(0.8 * 0.2 / 10);
        Interval clustered = Interval.of(result(0.8, oneEach, 20));
        assertThat(clustered.low()).isEqualTo(0.4901625, within(1e-6));
    }

    @Test
    void theEndsOfTheScaleHaveAnIntervalToo() {
        assertThat(Interval.of(result(0, 0, 100)).high()).isBetween(0.03, 0.04);
        assertThat(Interval.of(result(1, 0, 100)).low()).isBetween(0.96, 0.97);
    }

    private static Evaluator.Result result(double accuracy, double standardError, int completions) {
        return new Evaluator.Result(accuracy, standardError, 20, 0, completions);
    }
}
