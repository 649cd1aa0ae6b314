package org.grpo4j.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.grpo4j.training.metrics.Metric;
import org.junit.jupiter.api.Test;

class ScalarTagsTest {

    @Test
    void everyMetricHasASectionAndATagOfItsOwn() {
        List<String> tags = Arrays.stream(Metric.values())
                .map(metric -> ScalarTags.of(metric.key()))
                .toList();
        assertThat(tags)
                .doesNotHaveDuplicates()
                .allSatisfy(tag -> assertThat(tag).matches("[a-z]+/[a-z_]+").doesNotStartWith("other/"));
    }

    @Test
    void sectionsGatherWhatBelongsTogether() {
        assertThat(ScalarTags.of("reward_mean")).isEqualTo("reward/mean");
        assertThat(ScalarTags.of("reward_format")).isEqualTo("reward/format");
        assertThat(ScalarTags.of("token_ratio_max")).isEqualTo("ratio/token_max");
        assertThat(ScalarTags.of("z_abs_max")).isEqualTo("ratio/z_abs_max");
        assertThat(ScalarTags.of("heldout_accuracy")).isEqualTo("evaluation/heldout_accuracy");
        assertThat(ScalarTags.ofPhase("rollout")).isEqualTo("time/rollout");
        assertThat(ScalarTags.of("mine")).isEqualTo("other/mine");
    }
}
