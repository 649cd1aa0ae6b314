package org.grpo4j.framework.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.optim.LearningRateSchedule.Decay;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    @Test
    void risesThenFalls() {
        LearningRateSchedule cosine = new LearningRateSchedule(Decay.COSINE, 2, 4, 14, 0.1);
        assertThat(cosine.rate(0)).isEqualTo(0.5);
        assertThat(cosine.rate(3)).isEqualTo(2);
        assertThat(cosine.rate(4)).isEqualTo(2);
        assertThat(cosine.rate(9)).isCloseTo(1.1, within(1e-12));
        assertThat(cosine.rate(14)).isCloseTo(0.2, within(1e-12));
        assertThat(cosine.rate(1000)).isCloseTo(0.2, within(1e-12));

        LearningRateSchedule linear = new LearningRateSchedule(Decay.LINEAR, 2, 0, 10, 0);
        assertThat(linear.rate(0)).isEqualTo(2);
        assertThat(linear.rate(5)).isEqualTo(1);
        assertThat(linear.rate(10)).isZero();

        assertThat(new LearningRateSchedule(Decay.CONSTANT, 3, 2, 0, 0).rate(0)).isEqualTo(1.5);
        assertThat(LearningRateSchedule.constant(3).rate(99)).isEqualTo(3);
    }

    @Property
    void neverRisesAfterTheWarmUpAndStaysInBounds(
            @ForAll Decay decay,
            @ForAll @IntRange(max = 50) int warmup,
            @ForAll @IntRange(max = 50) int rest,
            @ForAll @DoubleRange(min = 0, max = 1) double ratio) {
        LearningRateSchedule schedule = new LearningRateSchedule(decay, 1, warmup, warmup + rest, ratio);
        double before = 0;
        for (int step = 0; step < warmup + rest + 5; step++) {
            double rate = schedule.rate(step);
            assertThat(rate).isBetween(step < warmup ? 0 : ratio - 1e-12, 1.0);
            if (step < warmup) {
                assertThat(rate).isGreaterThan(before);
            } else if (step > warmup) {
                assertThat(rate).isLessThanOrEqualTo(before);
            }
            before = rate;
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> LearningRateSchedule.constant(-1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new LearningRateSchedule(Decay.LINEAR, 1, 5, 4, 0))
                .isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new LearningRateSchedule(Decay.COSINE, 1, 5, 9, 2))
                .isInstanceOf(InputException.class);
    }
}
