package org.grpo4j.training.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.metrics.TextFile;

/**
 * What is evaluated and how, as {@code evaluation.json} keeps it: the model's folder and fingerprint, each suite's source
 * and content hash, the sampling.
 *
 * @param json the object in that file
 */
public record EvaluationSettings(JsonNode json) {

    static final String FILE = "evaluation.json";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String MODEL = "model";
    private static final String SUITES = "suites";

    static EvaluationSettings of(Path model, List<SuitePlan> plans, EvaluationConfig config) throws IOException {
        Map<String, Object> suites = new LinkedHashMap<>();
        for (SuitePlan plan : plans) {
            Map<String, Object> suite = new LinkedHashMap<>();
            suite.put("problems", plan.problems().size());
            suite.put("source", plan.provenance().source());
            suite.put("sha256", plan.provenance().sha256());
            suites.put(plan.benchmark().name(), suite);
        }
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(MODEL, model.toString());
        map.put("model_fingerprint", ModelFingerprint.of(model));
        map.putAll(config.toMap());
        map.put(SUITES, suites);
        // As it will be read: a tree made of Java values tells 0L from 0.
        return new EvaluationSettings(JSON.readTree(JSON.writeValueAsString(map)));
    }

    /**
     * Reads those of a folder of results.
     *
     * @throws InputException if it holds none
     */
    static EvaluationSettings read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            throw new InputException(
                    folder + " holds no evaluation (no " + FILE + "); give the --output folder of grpo4j eval");
        }
        try {
            return new EvaluationSettings(JSON.readTree(file.toFile()));
        } catch (JsonProcessingException e) {
            throw new InputException(file + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    void write(Path folder) throws IOException {
        String text = JSON.writeValueAsString(json);
        TextFile.write(folder.resolve(FILE), out -> out.write(text + "\n"));
    }

    /**
     * Refuses a folder that holds another evaluation. The same model may have moved.
     *
     * @throws InputException that names the first setting that differs
     */
    void requireSameIn(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(FILE))) {
            if (Files.exists(folder.resolve(SampleLog.FILE))) {
                throw new InputException(folder + " holds " + SampleLog.FILE + " but no " + FILE
                        + ", so nobody knows what was evaluated; give another --output");
            }
            return;
        }
        List<String> different = differences(read(folder));
        different.remove(MODEL);
        different.removeIf(name -> name.endsWith(".source"));
        if (!different.isEmpty()) {
            throw new InputException(folder + " holds another evaluation: " + String.join(", ", different)
                    + (different.size() == 1 ? " is" : " are")
                    + " different; give another --output, or the same settings"
                    + " to go on with that one");
        }
    }

    /** Names of the settings in which two evaluations differ. */
    List<String> differences(EvaluationSettings other) {
        Map<String, JsonNode> mine = flat();
        Map<String, JsonNode> others = other.flat();
        TreeMap<String, JsonNode> all = new TreeMap<>(mine);
        all.putAll(others);
        List<String> names = new ArrayList<>();
        for (String name : all.keySet()) {
            JsonNode one = mine.get(name);
            if (one == null || !one.equals(others.get(name))) {
                names.add(name);
            }
        }
        return names;
    }

    private Map<String, JsonNode> flat() {
        Map<String, JsonNode> flat = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            if (entry.getKey().equals(SUITES)) {
                entry.getValue()
                        .properties()
                        .forEach(suite -> suite.getValue()
                                .properties()
                                .forEach(field -> flat.put(
                                        SUITES + "." + suite.getKey() + "." + field.getKey(), field.getValue())));
            } else {
                flat.put(entry.getKey(), entry.getValue());
            }
        });
        return flat;
    }

    /** The model's folder as it was given. */
    String model() {
        return json.path(MODEL).asText();
    }

    /** Content hash of a suite's problems; empty if it is not part of the evaluation. */
    String hashOf(String suite) {
        return json.path(SUITES).path(suite).path("sha256").asText("");
    }
}
