package org.grpo4j.training.tensorboard;

import java.util.LinkedHashMap;
import java.util.Map;

/** The tags of metrics. TensorBoard makes a section of all tags that agree up to the first slash. */
final class ScalarTags {
    private static final Map<String, String> SECTIONS = new LinkedHashMap<>();
    /** Beginnings of names and what takes their place. The first that fits counts. */
    private static final Map<String, String> BEGINNINGS = new LinkedHashMap<>();

    static {
        section("reward", "zero_spread_fraction", "gold_not_parsed_fraction");
        section("sampling", "sampling_attempts", "dropped_groups", "used_groups", "used_fraction");
        section("loss", "loss", "kl", "entropy");
        section("optimiser", "gradient_norm", "learning_rate", "gradient_scale", "lambda", "skipped_updates");
        section("critic", "return_mean");
        section("ratio", "log_prob_gap");
        section("length", "truncated_fraction");
        section("time", "tokens_per_second");

        BEGINNINGS.put("reward_", "reward/");
        BEGINNINGS.put("advantage_", "advantage/");
        BEGINNINGS.put("token_ratio_", "ratio/token_");
        BEGINNINGS.put("ratio_", "ratio/");
        BEGINNINGS.put("clip_fraction_", "ratio/clip_fraction_");
        BEGINNINGS.put("z_", "ratio/z_");
        BEGINNINGS.put("length_", "length/");
        BEGINNINGS.put("heldout_", "evaluation/heldout_");
        BEGINNINGS.put("value_", "critic/value_");
        BEGINNINGS.put("critic_", "critic/");
    }

    private ScalarTags() {}

    private static void section(String section, String... names) {
        for (String name : names) {
            SECTIONS.put(name, section + "/" + name);
        }
    }

    /** The tag of a metric; those that nobody has placed, such as a user's own, are in the section {@code other}. */
    static String of(String metric) {
        String placed = SECTIONS.get(metric);
        if (placed != null) {
            return placed;
        }
        return BEGINNINGS.entrySet().stream()
                .filter(beginning -> metric.startsWith(beginning.getKey()))
                .findFirst()
                .map(found -> found.getValue() + metric.substring(found.getKey().length()))
                .orElse("other/" + metric);
    }

    /** The tag of the seconds that a phase takes. */
    static String ofPhase(String phase) {
        return "time/" + phase;
    }
}
