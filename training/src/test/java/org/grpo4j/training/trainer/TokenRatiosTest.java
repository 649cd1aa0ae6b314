package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

class TokenRatiosTest {

    private static StepMetrics metrics(TokenRatios ratios) {
        StepMetrics.Builder metrics = StepMetrics.at(1);
        ratios.put(metrics);
        return metrics.build();
    }

    @Test
    void theyAreOverAllTokensOfAllParts() {
        TokenRatios first = new TokenRatios();
        first.add(Math.log(0.5), 0);
        first.add(-1, -1);
        TokenRatios second = new TokenRatios();
        second.add(Math.log(1.5) - 2, -2);
        second.add(Math.log(4), 0);
        TokenRatios all = new TokenRatios();
        all.add(first);
        all.add(second);
        StepMetrics metrics = metrics(all);
        assertThat(metrics.value(Metric.TOKEN_RATIO_MEAN)).hasValueCloseTo(1.75, within(1e-12));
        assertThat(metrics.value(Metric.TOKEN_RATIO_STD)).hasValueCloseTo(Math.sqrt(1.8125), within(1e-12));
        assertThat(metrics.value(Metric.TOKEN_RATIO_MIN)).hasValueCloseTo(0.5, within(1e-12));
        assertThat(metrics.value(Metric.TOKEN_RATIO_MAX)).hasValueCloseTo(4.0, within(1e-12));
        assertThat(metrics.value(Metric.TOKEN_RATIO_ABOVE_ONE_FRACTION)).hasValue(0.5);
    }

    @Test
    void withoutTokensThereAreNone() {
        assertThat(metrics(new TokenRatios()).values())
                .hasSize(5)
                .allSatisfy((name, value) -> assertThat(value).isNaN());
    }
}
