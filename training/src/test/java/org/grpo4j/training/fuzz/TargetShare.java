package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.util.List;

/**
 * A target and its share of all cases.
 *
 * @param percent of the cases of a run of all targets
 */
record TargetShare(FuzzTarget target, int percent) {

    static List<TargetShare> all() throws IOException {
        return List.of(
                new TargetShare(new WeightTargets.Single(), 15),
                new TargetShare(new WeightTargets.Shards(), 8),
                new TargetShare(new ModelTargets.Model(), 9),
                new TargetShare(new ModelTargets.Adapter(), 8),
                new TargetShare(new TokenizerTarget(), 15),
                new TargetShare(new ChatTarget(), 5),
                new TargetShare(new TableTargets.Arrow(), 18),
                new TargetShare(new TableTargets.Saved(), 5),
                new TargetShare(new TableTargets.Lines(), 10),
                new TargetShare(new ConfigTarget(), 7));
    }

    static FuzzTarget named(String name) throws IOException {
        return all().stream()
                .map(TargetShare::target)
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no target " + name));
    }
}
