package org.grpo4j.training.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.grpo4j.training.objective.ObjectivePresets;

/**
 * Replaces {@code objective.preset} by the switches it stands for, before anything is bound. Keys that are given beside it
 * stay as they are, so they win over the preset whether they stand in the file or in an override.
 */
final class PresetExpansion {
    private static final String OBJECTIVE = "objective";
    private static final String PRESET = "preset";
    private static final String MAX_LENGTH = "max_length";

    private PresetExpansion() {}

    /**
     * Changes {@code root} in place.
     *
     * @param origins where each key was written; those that a preset sets are added as standing where its name does
     */
    static void apply(ObjectNode root, String source, Map<String, String> origins) {
        if (!(root.get(OBJECTIVE) instanceof ObjectNode objective) || !objective.has(PRESET)) {
            return;
        }
        ConfigPlace top = ConfigPlace.top(source, origins);
        ConfigPlace section = top.child(OBJECTIVE);
        ConfigPlace place = section.child(PRESET);
        JsonNode name = objective.remove(PRESET);
        if (name.isNull()) {
            return;
        }
        ObjectNode switches = switches(name, place);
        String origin = origins.getOrDefault(place.path(), source);
        switches.fieldNames()
                .forEachRemaining(key -> origins.putIfAbsent(section.child(key).path(), origin));
        if (switches.path("aggregation").asText().equals("constant")) {
            // What the loss is divided by is no property of the method but of the run: the longest completion it
            // allows.
            switches.put(MAX_LENGTH, longestCompletion(root, top.child("rollout")));
        }
        switches.setAll(objective);
        objective.setAll(switches);
    }

    private static ObjectNode switches(JsonNode name, ConfigPlace place) {
        if (!name.isTextual()) {
            throw place.error(place.path() + " must be the name of a preset, one of "
                    + String.join(", ", ObjectivePresets.names()) + "; found " + ConfigText.kind(name));
        }
        try {
            return ObjectivePresets.switches(name.textValue());
        } catch (IllegalArgumentException unknown) {
            throw place.error(place.path() + ": " + unknown.getMessage(), unknown);
        }
    }

    private static int longestCompletion(ObjectNode root, ConfigPlace place) {
        JsonNode rollout = root.has("rollout") ? root.get("rollout") : root.objectNode();
        return ConfigBinder.record(rollout, RolloutSection.class, place).maxNewTokens();
    }
}
