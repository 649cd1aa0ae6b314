package org.grpo4j.training.rollouts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.grpo4j.training.rollouts.LoggedCompletion.Gap;

/**
 * A step as JSON:
 * {@code {"step":1,"omitted":0,"groups":[{"problem":"p1","text":"1+1=","prompt":"1+1=","answers":["2"],"completions":[…]}]}}
 * with completions
 * {@code {"pieces":["2"],"credit":[0.5],"log_probs":[-0.1],"tokens":1,"reward":1,"rewards":{"answer":1},"advantage":1,"finished":true}},
 * which have {@code "gap":{"at":…,"tokens":…}} and {@code "failures":{…}} where there are any, and a null for a number that
 * is not finite.
 */
final class StepJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Digits of credits and log-probabilities: more than an eye can tell apart, at half the size. */
    private static final int DIGITS = 4;

    private StepJson() {}

    static byte[] write(LoggedStep step) {
        ObjectNode node = JSON.createObjectNode().put("step", step.step()).put("omitted", step.omitted());
        ArrayNode groups = node.putArray("groups");
        step.groups().forEach(group -> put(group, groups.addObject()));
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the rollouts of step " + step.step() + " could not be written as JSON", e);
        }
    }

    /** Whether what was read has all that a page looks at. */
    static boolean isStep(JsonNode node) {
        return node.path("step").canConvertToInt()
                && !node.path("groups").isEmpty()
                && all(node.path("groups"), StepJson::isGroup);
    }

    private static boolean isGroup(JsonNode group) {
        return Stream.of("problem", "text", "prompt")
                        .allMatch(key -> group.path(key).isTextual())
                && group.path("answers").isArray()
                && all(group.path("completions"), StepJson::isCompletion);
    }

    private static boolean isCompletion(JsonNode completion) {
        int pieces = completion.path("pieces").size();
        int credited = completion.path("credit").size();
        return all(completion.path("pieces"), JsonNode::isTextual)
                && completion.path("credit").isArray()
                && (credited == 0 || credited == pieces)
                && completion.path("log_probs").isArray()
                && completion.path("log_probs").size() == pieces
                && completion.path("rewards").isObject()
                && completion.path("advantage").isNumber()
                && completion.path("tokens").isInt();
    }

    private static boolean all(JsonNode array, Predicate<JsonNode> is) {
        return array.isArray()
                && StreamSupport.stream(array.spliterator(), false).allMatch(is);
    }

    private static void put(LoggedGroup group, ObjectNode node) {
        node.put("problem", group.problem()).put("text", group.text()).put("prompt", group.prompt());
        ArrayNode answers = node.putArray("answers");
        group.answers().forEach(answers::add);
        ArrayNode completions = node.putArray("completions");
        group.completions().forEach(completion -> put(completion, completions.addObject()));
    }

    private static void put(LoggedCompletion completion, ObjectNode node) {
        ArrayNode pieces = node.putArray("pieces");
        completion.pieces().forEach(pieces::add);
        put(completion.credit(), node.putArray("credit"));
        put(completion.logProbs(), node.putArray("log_probs"));
        if (completion.gap().tokens() > 0) {
            Gap gap = completion.gap();
            node.putObject("gap").put("at", gap.at()).put("tokens", gap.tokens());
        }
        node.put("tokens", completion.tokens());
        if (completion.reward().isPresent()) {
            node.put("reward", completion.reward().getAsDouble());
        } else {
            node.putNull("reward");
        }
        ObjectNode rewards = node.putObject("rewards");
        completion.rewards().forEach(rewards::put);
        if (!completion.failures().isEmpty()) {
            ObjectNode failures = node.putObject("failures");
            for (Map.Entry<String, String> failure : completion.failures().entrySet()) {
                failures.put(failure.getKey(), failure.getValue());
            }
        }
        node.put("advantage", completion.advantage()).put("finished", completion.finished());
    }

    private static void put(float[] values, ArrayNode array) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                array.addNull();
            } else if (value == 0) {
                array.add(0);
            } else {
                array.add(rounded(value));
            }
        }
    }

    private static double rounded(double value) {
        int exponent = DIGITS - 1 - (int) Math.floor(Math.log10(Math.abs(value)));
        double power = Math.pow(10, Math.abs(exponent));
        // Dividing by a power of ten gives the double with the shortest spelling; multiplying by its inverse does not.
        return exponent >= 0 ? Math.rint(value * power) / power : Math.rint(value / power) * power;
    }
}
