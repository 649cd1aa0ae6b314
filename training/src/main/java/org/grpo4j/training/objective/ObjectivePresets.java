package org.grpo4j.training.objective;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Published objectives by name. A preset is a small YAML file among the resources of this package that sets switches of
 * {@link ObjectiveConfig} and nothing else; what it does not name has the default.
 */
public final class ObjectivePresets {

    private static final List<String> NAMES = List.of(
            "grpo",
            "dr-grpo",
            "dapo",
            "gspo",
            "cispo",
            "rloo",
            "reinforce++",
            "ppo",
            "grpo-lambda",
            "grpo-lambda-recent",
            "grpo-lambda-both",
            "grpo-lambda-weight-recent",
            "grpo-lambda-weight-both");

    private static final YAMLMapper YAML = new YAMLMapper();

    private ObjectivePresets() {}

    /** All names; {@code grpo-lambda} is short for {@code grpo-lambda-recent}. */
    public static List<String> names() {
        return NAMES;
    }

    /**
     * The switches that a preset sets, by their keys, as a tree of the caller's own.
     *
     * @throws IllegalArgumentException for an unknown name, with the nearest known one
     */
    public static ObjectNode switches(String name) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException("there is no preset \"" + name + "\"; did you mean \""
                    + ObjectiveJson.nearest(name, NAMES) + "\"? All are: " + String.join(", ", NAMES));
        }
        String file = "presets/" + name + ".yaml";
        try (InputStream stream = ObjectivePresets.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + file + " is missing from this build");
            }
            JsonNode tree = YAML.readTree(stream);
            return (ObjectNode) tree;
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }
}
