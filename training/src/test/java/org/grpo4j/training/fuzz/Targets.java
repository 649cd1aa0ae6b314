package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.util.List;

/** Everything that is fuzzed, with the share of all cases that each gets. */
record Targets(FuzzTarget target, int percent) {

    static List<Targets> all() throws IOException {
        return List.of(
                new Targets(new WeightTargets.Single(), 15),
                new Targets(new WeightTargets.Shards(), 8),
                new Targets(new ModelTargets.Model(), 9),
                new Targets(new ModelTargets.Adapter(), 8),
                new Targets(new TokenizerTarget(), 15),
                new Targets(new ChatTarget(), 5),
                new Targets(new TableTargets.Arrow(), 18),
                new Targets(new TableTargets.Saved(), 5),
                new Targets(new TableTargets.Lines(), 10),
                new Targets(new ConfigTarget(), 7));
    }

    static FuzzTarget named(String name) throws IOException {
        return all().stream()
                .map(Targets::target)
                .filter(target -> target.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no target " + name));
    }
}
