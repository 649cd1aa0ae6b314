package org.grpo4j.training.config;

import java.util.List;

/**
 * How completions are sampled.
 *
 * @param groupSize completions of each prompt
 * @param promptsPerStep prompts of one rollout batch
 * @param temperature of the softmax that is sampled from
 * @param topK keep the k likeliest tokens; 0 keeps all
 * @param topP keep the smallest set of tokens with this probability mass; 1 keeps all
 * @param maxNewTokens length at which a completion is cut
 * @param packWeights whether to sample from a second copy of the weights in the layout that products of few rows read
 *     fastest; costs as much memory as the model
 * @param stop texts that end a completion, besides the end-of-text token
 */
public record RolloutSection(
        @Default("8") int groupSize,
        @Default("16") int promptsPerStep,
        @Default("1.0") double temperature,
        @Default("0") int topK,
        @Default("1.0") double topP,
        @Default("64") int maxNewTokens,
        @Default("true") boolean packWeights,
        @Default("[]") List<String> stop) {
    public RolloutSection {
        Require.atLeast("group_size", groupSize, 1);
        Require.atLeast("prompts_per_step", promptsPerStep, 1);
        Require.positive("temperature", temperature);
        Require.atLeast("top_k", topK, 0);
        Require.that(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1, found " + topP);
        Require.atLeast("max_new_tokens", maxNewTokens, 1);
        Require.that(stop.stream().noneMatch(String::isEmpty), "stop must not contain an empty text");
        stop = List.copyOf(stop);
    }
}
