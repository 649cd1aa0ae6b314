package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.weights.CompanionFiles;

/**
 * How a model's {@code generation_config.json} wants it to be sampled.
 *
 * @param temperature 0 unless the file says {@code do_sample: true}
 * @param topK 0 for all tokens
 * @param topP 1 for all tokens
 */
record GenerationDefaults(double temperature, int topK, double topP) {

    private static final String FILE = "generation_config.json";

    static GenerationDefaults of(CompanionFiles files) {
        byte[] content = files.contents().get(FILE);
        if (content == null) {
            return new GenerationDefaults(0, 0, 1);
        }
        try {
            JsonNode json = new ObjectMapper().readTree(content);
            if (!json.path("do_sample").asBoolean(false)) {
                return new GenerationDefaults(0, 0, 1);
            }
            return new GenerationDefaults(
                    json.path("temperature").asDouble(1),
                    json.path("top_k").asInt(0),
                    json.path("top_p").asDouble(1));
        } catch (IOException e) {
            throw new InputException(FILE + " is not valid JSON; correct or remove it", e);
        }
    }
}
