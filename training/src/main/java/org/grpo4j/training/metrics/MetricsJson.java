package org.grpo4j.training.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** One step as one line of JSON: {@code {"step":1,"reward_mean":0.5,…,"seconds":{"rollout":1.2}}}. */
final class MetricsJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private MetricsJson() {}

    static String write(StepMetrics metrics) {
        ObjectNode line = JSON.createObjectNode().put("step", metrics.step());
        put(line, metrics.values());
        if (!metrics.seconds().isEmpty()) {
            put(line.putObject("seconds"), metrics.seconds());
        }
        return line.toString();
    }

    /** JSON has no NaN and no infinity; readers of the file get null instead of a syntax error. */
    private static void put(ObjectNode object, Map<String, Double> values) {
        values.forEach((name, value) -> {
            if (Double.isFinite(value)) {
                object.put(name, value);
            } else {
                object.putNull(name);
            }
        });
    }

    /** @throws JsonProcessingException if the line is not JSON */
    static StepMetrics read(String line) throws JsonProcessingException {
        JsonNode node = JSON.readTree(line);
        if (!node.path("step").canConvertToInt()) {
            throw new IllegalArgumentException("the line has no step");
        }
        Map<String, Double> values = numbers(node);
        values.remove("step");
        return new StepMetrics(node.path("step").intValue(), values, numbers(node.path("seconds")));
    }

    private static Map<String, Double> numbers(JsonNode node) {
        Map<String, Double> numbers = new LinkedHashMap<>();
        node.properties().forEach(entry -> {
            if (entry.getValue().isNumber()) {
                numbers.put(entry.getKey(), entry.getValue().doubleValue());
            } else if (entry.getValue().isNull()) {
                numbers.put(entry.getKey(), Double.NaN);
            }
        });
        return numbers;
    }
}
