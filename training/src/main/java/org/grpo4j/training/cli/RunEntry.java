package org.grpo4j.training.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.Settings;

/**
 * A run as its folder tells of it.
 *
 * @param name of the folder, below the one that was searched
 * @param path of the folder
 * @param steps of the whole run; 0 if its configuration does not tell
 * @param settings its configuration, under full keys; empty if it cannot be read
 * @param metrics the latest value of every metric
 * @param step the last step that was done; 0 if there is none
 * @param seconds spent in the phases of all steps
 * @param complete whether the final checkpoint is there
 * @param problems what is wrong with its files
 */
record RunEntry(
        String name,
        Path path,
        int steps,
        Map<String, String> settings,
        Map<String, Double> metrics,
        int step,
        double seconds,
        boolean complete,
        List<String> problems) {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String STEPS = "training.steps";

    /** How far a run has come. */
    enum State {
        FINISHED,
        UNFINISHED,
        DAMAGED
    }

    /** Reads a run. Files that are missing or damaged are among its problems; nothing is thrown for them. */
    static RunEntry read(String name, Path path) {
        List<String> problems = new ArrayList<>();
        Map<String, String> settings = settings(path.resolve("config.yaml"), problems);
        List<StepMetrics> steps = metrics(path.resolve("metrics.jsonl"), problems);
        Map<String, Double> latest = new LinkedHashMap<>();
        double seconds = 0;
        for (StepMetrics step : steps) {
            step.values().keySet().forEach(metric -> step.value(metric).ifPresent(v -> latest.put(metric, v)));
            seconds += step.seconds().values().stream()
                    .mapToDouble(Double::doubleValue)
                    .sum();
        }
        return new RunEntry(
                name,
                path,
                whole(settings.getOrDefault(STEPS, "")),
                settings,
                latest,
                steps.isEmpty() ? 0 : steps.get(steps.size() - 1).step(),
                seconds,
                Files.exists(path.resolve("trainer_state/state.json")),
                problems);
    }

    private static Map<String, String> settings(Path file, List<String> problems) {
        try {
            JsonNode tree = YAML.readTree(Files.readString(file));
            if (tree != null && tree.isObject()) {
                return Settings.of(tree);
            }
            problems.add(file + " holds no settings");
        } catch (IOException e) {
            problems.add(file + " " + reason(e));
        }
        return Map.of();
    }

    private static List<StepMetrics> metrics(Path file, List<String> problems) {
        try {
            return MetricsReader.read(file);
        } catch (InputException e) {
            problems.add(e.getMessage());
        } catch (IOException e) {
            problems.add(file + " " + reason(e));
        }
        return List.of();
    }

    private static String reason(IOException e) {
        if (e instanceof JsonProcessingException syntax) {
            return "is not YAML, from line " + syntax.getLocation().getLineNr() + " on";
        } else if (e instanceof CharacterCodingException) {
            return "is not text in UTF-8";
        } else if (e instanceof NoSuchFileException) {
            return "is missing";
        }
        return "cannot be read: " + e.getMessage();
    }

    private static int whole(String number) {
        return number.matches("\\d{1,9}") ? Integer.parseInt(number) : 0;
    }

    /** The command that makes such runs. */
    String kind() {
        if (settings.isEmpty()) {
            return "";
        }
        return settings.containsKey("rollout.group_size") ? "train" : "sft";
    }

    State state() {
        if (!problems.isEmpty()) {
            return State.DAMAGED;
        }
        return complete && steps > 0 && step >= steps ? State.FINISHED : State.UNFINISHED;
    }

    OptionalDouble metric(Metric metric) {
        Double value = metrics.get(metric.key());
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** @param differing keys of the settings to name */
    ObjectNode toJson(Set<String> differing) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("name", name)
                .put("path", path.toString())
                .put("kind", kind())
                .put("state", state().name().toLowerCase(Locale.ROOT))
                .put("step", step)
                .put("steps", steps)
                .put("seconds", seconds);
        ObjectNode own = json.putObject("settings");
        differing.stream().filter(settings::containsKey).forEach(key -> own.put(key, settings.get(key)));
        ObjectNode values = json.putObject("metrics");
        metrics.forEach(values::put);
        problems.forEach(json.putArray("problems")::add);
        return json;
    }
}
