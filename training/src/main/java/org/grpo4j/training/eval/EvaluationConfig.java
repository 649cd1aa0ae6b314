package org.grpo4j.training.eval;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an evaluation samples.
 *
 * @param samples completions of each problem, 1 to 1,000
 * @param maxNewTokens length at which a completion is cut
 * @param temperature divides the logits; 0 takes the likeliest token
 * @param topP sample among the likeliest tokens of this probability; 1 for all
 * @param seed every random choice derives from it
 * @param limit problems of each suite at most, the first ones; null for all
 * @param chat what the model's chat template is given beside the prompt; null where prompts go in as they are
 * @param promptTemplate in place of the suites' own prompts, with {@code {problem}}; null keeps those
 * @param batchSize completions that are sampled together and then written
 */
public record EvaluationConfig(
        int samples,
        int maxNewTokens,
        double temperature,
        double topP,
        long seed,
        @Nullable Integer limit,
        @Nullable Map<String, @Nullable Object> chat,
        @Nullable String promptTemplate,
        int batchSize) {

    public EvaluationConfig {
        if (samples < 1 || samples > MajorityVote.MOST_SAMPLES) {
            throw new IllegalArgumentException(
                    "samples is " + samples + ", must be from 1 to " + MajorityVote.MOST_SAMPLES);
        }
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("max-new-tokens is " + maxNewTokens + ", must be at least 1");
        }
        if (limit != null && limit < 1) {
            throw new IllegalArgumentException("limit is " + limit + ", must be at least 1");
        }
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch-size is " + batchSize + ", must be at least 1");
        }
        if (temperature == 0 && samples > 1) {
            throw new IllegalArgumentException("temperature 0 takes the likeliest token, so all " + samples
                    + " samples of a problem would be the same: set samples to 1 or a temperature above 0");
        }
    }

    /** As a JSON object, by the names of the command line. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("samples", samples);
        map.put("max_new_tokens", maxNewTokens);
        map.put("temperature", temperature);
        map.put("top_p", topP);
        map.put("seed", seed);
        map.put("limit", limit);
        map.put("chat", chat);
        map.put("prompt_template", promptTemplate);
        map.put("batch_size", batchSize);
        return map;
    }
}
