package org.grpo4j.training.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.grpo4j.framework.InputException;
import org.jspecify.annotations.Nullable;

/** Samples as lines of JSON. */
final class SampleJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private SampleJson() {}

    static String write(SampleRecord sample) {
        try {
            return JSON.writeValueAsString(JSON.createObjectNode()
                    .put("suite", sample.suite())
                    .put("problem_id", sample.problem())
                    .put("sample", sample.sample())
                    .put("seed", sample.seed())
                    .put("completion", sample.completion())
                    .put("answer", sample.answer())
                    .put("correct", sample.correct())
                    .put("reason", sample.reason())
                    .put("gold_parsed", sample.goldParsed())
                    .put("formatted", sample.formatted())
                    .put("tokens", sample.tokens())
                    .put("finished", sample.finished()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers can always be written", e);
        }
    }

    /**
     * Reads a line.
     *
     * @param where it stands, for messages
     * @throws InputException if it is no sample
     */
    static SampleRecord read(String line, String where) {
        try {
            JsonNode node = JSON.readTree(line);
            return new SampleRecord(
                    required(node, "suite", where).asText(),
                    required(node, "problem_id", where).asText(),
                    required(node, "sample", where).asInt(),
                    required(node, "seed", where).asLong(),
                    required(node, "completion", where).asText(),
                    optional(node, "answer"),
                    required(node, "correct", where).asBoolean(),
                    required(node, "reason", where).asText(),
                    optional(node, "gold_parsed"),
                    required(node, "formatted", where).asBoolean(),
                    required(node, "tokens", where).asInt(),
                    required(node, "finished", where).asBoolean());
        } catch (JsonProcessingException e) {
            throw new InputException(where + ": not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode required(JsonNode node, String field, String where) {
        JsonNode value = node.path(field);
        if (!value.isValueNode() || value.isNull()) {
            throw new InputException(where + ": \"" + field + "\" is missing, so this is no sample of an evaluation");
        }
        return value;
    }

    private static @Nullable String optional(JsonNode node, String field) {
        return node.path(field).isTextual() ? node.path(field).asText() : null;
    }
}
