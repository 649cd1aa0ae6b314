package org.grpo4j.training.trainer;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a step has sampled.
 *
 * @param all every completion, group after group, those of dropped groups with advantage 0
 * @param used the completions that the update learns from; none if there is nothing to learn
 * @param attempts rounds of sampling
 * @param droppedGroups groups without spread that dynamic sampling took out
 * @param dataPosition the next row of the data
 */
record RolloutBatch(
        List<ScoredRollout> all, List<ScoredRollout> used, int attempts, int droppedGroups, long dataPosition) {

    /**
     * Every completion with the credit its tokens got.
     *
     * @param ofUsed the completions that the update learned from as it saw them, in their order
     */
    List<ScoredRollout> credited(List<ScoredRollout> ofUsed) {
        Map<ScoredRollout, ScoredRollout> credited = new IdentityHashMap<>();
        for (int i = 0; i < ofUsed.size(); i++) {
            credited.put(used.get(i), ofUsed.get(i));
        }
        return all.stream()
                .map(rollout -> credited.getOrDefault(rollout, rollout))
                .toList();
    }

    long tokens() {
        return all.stream().mapToLong(r -> r.completion().tokens().length).sum();
    }

    double[] advantages() {
        return used.stream().mapToDouble(ScoredRollout::advantage).toArray();
    }
}
