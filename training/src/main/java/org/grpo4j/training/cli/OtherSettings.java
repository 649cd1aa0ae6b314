package org.grpo4j.training.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.report.Settings;

/** What a run that goes on does otherwise than the one that wrote its checkpoint: often an override that was forgotten. */
final class OtherSettings {
    private static final ObjectMapper YAML = new YAMLMapper();
    private static final String NONE = "none";

    /** These say where a run ends and what it writes, not what it learns. */
    private static final Set<String> HARMLESS =
            Set.of("output", "training.steps", "checkpoint_every", "eval_every", "tensorboard");

    private OtherSettings() {}

    /** Lines for people, of which there are none if everything is as it was or nobody knows. */
    static List<String> lines(Path checkpoint, Record config) throws IOException {
        Path file = checkpoint.resolve("trainer_state").resolve("config.yaml");
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        Map<String, String> before;
        try {
            before = Settings.of(YAML.readTree(Files.readString(file)));
        } catch (JsonProcessingException e) {
            return List.of();
        }
        Map<String, String> now = Settings.of(YAML.readTree(ConfigYaml.write(config)));
        Set<String> keys = new TreeSet<>(before.keySet());
        keys.addAll(now.keySet());
        List<String> different = new ArrayList<>();
        for (String key : keys) {
            String old = before.getOrDefault(key, NONE);
            String present = now.getOrDefault(key, NONE);
            if (!old.equals(present) && !HARMLESS.contains(key) && !key.startsWith("checkpoints.")) {
                different.add(key + " was " + old + " and is " + present);
            }
        }
        return different.isEmpty()
                ? List.of()
                : List.of(
                        "warning: the checkpoint was written with other settings, so this run will differ from one that"
                                + " was never stopped: " + String.join(", ", different));
    }
}
