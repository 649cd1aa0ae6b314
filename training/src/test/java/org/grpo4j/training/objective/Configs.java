package org.grpo4j.training.objective;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ArbitrarySupplier;
import net.jqwik.api.Combinators;

/** Every allowed combination of switches, with clip bounds that differ from each other. */
final class Configs implements ArbitrarySupplier<ObjectiveConfig> {

    private static final ObjectiveConfig GRPO = ObjectiveConfig.grpo();

    @Override
    public Arbitrary<ObjectiveConfig> get() {
        Arbitrary<Map<String, Object>> credit = Combinators.combine(
                        Arbitraries.of("none", "e-trace", "e-weight", "position-weight", "sequence", "terminal"),
                        Arbitraries.of("recent", "both"),
                        Arbitraries.of(1.0, 0.9, 0.0),
                        Arbitraries.of(0.0, 0.5, 0.9, 0.99, 1.0),
                        Arbitraries.of("none", "row"),
                        Arbitraries.of(true, false))
                .as(Configs::credit);
        Arbitrary<Map<String, Object>> loss = Combinators.combine(
                        Arbitraries.of("clip", "dual", "cispo"),
                        Arbitraries.of("group-std", "group-mean", "leave-one-out", "batch-std"),
                        Arbitraries.of("sequence-mean", "token-mean", "constant"),
                        Arbitraries.of("none", "k1", "k2", "k3"),
                        Arbitraries.of(true, false),
                        Arbitraries.of(0.0, 0.05))
                .as(Configs::loss);
        Arbitrary<Map<String, Object>> bounds = Combinators.combine(
                        Arbitraries.of(0.2, 0.1, 0.3), Arbitraries.of(0.2, 0.28, 0.15), Arbitraries.of(1e-6, 0.0, 0.5))
                .as((low, high, epsilon) -> Map.of("clip_low", low, "clip_high", high, "std_epsilon", epsilon));
        return Combinators.combine(credit, loss, bounds)
                .as((a, b, c) -> GRPO.with(a).with(b).with(c));
    }

    /** A config reduced to the switches of GRPO-λ itself, for laws that state its credit in full. */
    static ObjectiveConfig withoutAdditions(ObjectiveConfig config) {
        Map<String, Object> keys = new HashMap<>();
        keys.put("entropy_bonus", 0);
        keys.put("lambda_schedule", null);
        if (config.trace() == Trace.POSITION_WEIGHT) {
            keys.put("trace", "e-weight");
        }
        return config.with(keys);
    }

    private static Map<String, Object> credit(
            String kind, String style, double gamma, double lambda, String normalisation, boolean schedule) {
        Map<String, Object> keys = new HashMap<>(Map.of("style", style, "gamma", gamma, "lambda", lambda));
        switch (kind) {
            case "sequence" -> keys.put("ratio_level", "sequence");
            case "terminal" -> keys.put("td_error", "terminal");
            default -> keys.putAll(Map.of("trace", kind, "trace_normalisation", normalisation));
        }
        // A schedule makes the decay an input of the graph.
        if (schedule && !Set.of("none", "sequence").contains(kind)) {
            keys.put("lambda_schedule", Map.of("final", 0.3, "steps", 10));
        }
        return keys;
    }

    private static Map<String, Object> loss(
            String surrogate, String advantage, String aggregation, String kl, boolean clamp, double bonus) {
        Map<String, Object> keys = new HashMap<>(Map.of("advantage", advantage, "aggregation", aggregation));
        keys.put("entropy_bonus", bonus);
        keys.put("surrogate", surrogate.equals("cispo") ? "cispo" : "clip");
        keys.put("dual_clip", surrogate.equals("dual") ? 1.5 : null);
        keys.put("max_length", aggregation.equals("constant") ? 12 : null);
        keys.put("negative_clamp", clamp ? -0.1 : null);
        if (!kl.equals("none")) {
            keys.putAll(Map.of("beta", 0.1, "kl", kl));
        }
        return keys;
    }
}
