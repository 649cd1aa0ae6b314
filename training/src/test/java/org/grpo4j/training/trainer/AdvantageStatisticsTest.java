package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdvantageStatisticsTest {

    @Test
    void theyAreOverTheCompletionsGiven() {
        assertThat(AdvantageStatistics.of(new double[] {-1, 0, 0, 3}))
                .isEqualTo(new AdvantageStatistics(0.5, 1.5, -1, 3, 0.25));
    }

    @Test
    void withoutCompletionsThereAreNone() {
        assertThat(AdvantageStatistics.of(new double[0]).mean()).isNaN();
        assertThat(AdvantageStatistics.of(new double[0]).positive()).isNaN();
    }
}
