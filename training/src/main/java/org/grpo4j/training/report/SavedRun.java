package org.grpo4j.training.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.metrics.MetricsReader;
import org.grpo4j.training.metrics.StepMetrics;

/**
 * A run as its folder tells it.
 *
 * @param folder of the run
 * @param name in tables and legends
 * @param settings its configuration, by full key
 * @param steps its metrics
 */
public record SavedRun(Path folder, String name, Map<String, String> settings, List<StepMetrics> steps) {

    /** The setting that makes runs of one group differ. */
    static final String SEED = "training.seed";

    private static final String OUTPUT = "output";
    private static final YAMLMapper YAML = new YAMLMapper();

    public SavedRun {
        settings = new LinkedHashMap<>(settings);
        steps = List.copyOf(steps);
    }

    /** @throws InputException if the folder holds no run, or one that cannot be read */
    public static SavedRun read(Path folder) throws IOException {
        Path metrics = folder.resolve("metrics.jsonl");
        Path config = folder.resolve("config.yaml");
        if (!Files.isDirectory(folder)) {
            throw new InputException(folder + ": there is no such folder; give folders of runs");
        }
        if (!Files.isRegularFile(metrics) || !Files.isRegularFile(config)) {
            throw new InputException(folder + " holds no run: it has no "
                    + (Files.isRegularFile(metrics) ? "config.yaml" : "metrics.jsonl")
                    + "; give the output folder of train or sft");
        }
        JsonNode tree;
        try {
            tree = YAML.readTree(Files.readString(config));
        } catch (JsonProcessingException e) {
            throw new InputException(config + " is no YAML: " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw new InputException(config + " is not text in UTF-8", e);
        }
        if (!tree.isObject()) {
            throw new InputException(
                    config + " holds no settings; leave the run out, or take the file from a checkpoint");
        }
        List<StepMetrics> steps = MetricsReader.read(metrics);
        if (steps.isEmpty()) {
            throw new InputException(metrics + " has no step yet; wait for the first, or leave the run out");
        }
        return new SavedRun(folder, RunReport.name(folder), Settings.of(tree), steps);
    }

    /** The same run under another name. */
    SavedRun named(String other) {
        return new SavedRun(folder, other, settings, steps);
    }

    /** What must be equal for two runs to be repetitions of each other. */
    Map<String, String> settingsWithoutSeed() {
        Map<String, String> rest = new LinkedHashMap<>(settings);
        rest.remove(SEED);
        rest.remove(OUTPUT);
        return rest;
    }

    RunSeries series() {
        return new RunSeries(name, settings, steps);
    }
}
