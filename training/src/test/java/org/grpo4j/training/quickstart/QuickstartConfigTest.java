package org.grpo4j.training.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.grpo4j.training.report.Settings;
import org.junit.jupiter.api.Test;

class QuickstartConfigTest {

    @Test
    void theTwoRunsDifferInTheTraceOnly() {
        QuickstartConfig config = QuickstartConfig.of(Path.of("out"), 3);
        Map<String, String> grpo = new TreeMap<>(Settings.of(config.grpo()));
        Map<String, String> different = new TreeMap<>(Settings.of(config.grpoLambda()));
        different.entrySet().removeAll(grpo.entrySet());
        assertThat(different)
                .containsOnlyKeys("output", "objective.trace", "objective.style", "objective.negative_clamp")
                .containsEntry("objective.trace", "e-trace")
                .containsEntry("objective.negative_clamp", "-0.1");
        assertThat(config.grpoLambda().objective().lambda()).isEqualTo(0.99);
        assertThat(config.grpoLambda().objective().gamma()).isEqualTo(1);
    }

    @Test
    void theSeedReachesEveryRun() {
        QuickstartConfig config = QuickstartConfig.of(Path.of("out"), 3);
        assertThat(config.sft().training().seed()).isEqualTo(3);
        assertThat(config.grpo().training().seed()).isEqualTo(3);
        assertThat(config.grpoLambda().training().seed()).isEqualTo(3);
    }
}
