package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.TinyRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutsTest {
    @TempDir
    Path folder;

    /** A seed decides a completion, not who decodes it: a team or replicas, few or many, groups cut in two or not. */
    @Test
    void completionsDoNotDependOnWhoDecodes() throws IOException {
        try (Policy policy = Policy.of(TinyRun.train(folder).model(), 3)) {
            List<CompletionRequest> requests = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                requests.add(new CompletionRequest(i < 25 ? new int[] {1, 2, 3} : new int[] {4}, Seeds.derive(5, i)));
            }
            List<List<Integer>> alone = sample(policy, requests, 1, false, false);
            assertThat(alone.stream().distinct().count()).isGreaterThan(10);
            assertThat(sample(policy, requests, 2, false, false)).isEqualTo(alone);
            assertThat(sample(policy, requests, 3, false, true)).isEqualTo(alone);
            assertThat(sample(policy, requests, 2, true, false)).isEqualTo(alone);
            assertThat(sample(policy, requests, 2, true, true)).isEqualTo(alone);
        }
    }

    private static List<List<Integer>> sample(
            Policy policy, List<CompletionRequest> requests, int threads, boolean team, boolean packing) {
        SamplingConfig sampling = SamplingConfig.onPolicy(30, policy.stopIds(List.of()));
        try (Replicas replicas = new Replicas(threads);
                Rollouts rollouts = new Rollouts(policy.model(), replicas, 4, packing, team)) {
            return rollouts.sample(requests, sampling).stream()
                    .map(completion ->
                            Arrays.stream(completion.tokens()).boxed().toList())
                    .toList();
        }
    }
}
