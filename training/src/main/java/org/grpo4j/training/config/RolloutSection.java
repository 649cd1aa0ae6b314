package org.grpo4j.training.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
 * @param dynamicSampling drops groups that teach nothing and samples others; null uses every group
 * @param truncated what becomes of completions that were cut at {@code max_new_tokens}
 * @param overlongBuffer tokens before {@code max_new_tokens} over which the penalty of {@code truncated: penalise} rises;
 *     null for a fifth of them
 */
public record RolloutSection(
        @Default("8") int groupSize,
        @Default("16") int promptsPerStep,
        @Default("1.0") double temperature,
        @Default("0") int topK,
        @Default("1.0") double topP,
        @Default("64") int maxNewTokens,
        @Default("true") boolean packWeights,
        @Default("[]") List<String> stop,
        @Nullable DynamicSamplingSection dynamicSampling,
        @Default("keep") Truncated truncated,
        @Nullable Integer overlongBuffer) {
    public RolloutSection {
        Require.atLeast("group_size", groupSize, 1);
        Require.atLeast("prompts_per_step", promptsPerStep, 1);
        Require.positive("temperature", temperature);
        Require.atLeast("top_k", topK, 0);
        Require.that(topP > 0 && topP <= 1, "top_p must be above 0 and at most 1, found " + topP);
        Require.atLeast("max_new_tokens", maxNewTokens, 1);
        Require.that(stop.stream().noneMatch(String::isEmpty), "stop must not contain an empty text");
        stop = List.copyOf(stop);
        if (overlongBuffer != null) {
            Require.that(
                    truncated == Truncated.PENALISE,
                    "overlong_buffer is the width of a penalty; set truncated: penalise with it, found "
                            + ConfigNames.value(truncated));
            Require.that(
                    overlongBuffer >= 1 && overlongBuffer <= maxNewTokens,
                    "overlong_buffer must be 1 to max_new_tokens (" + maxNewTokens + "), found " + overlongBuffer);
        }
    }

    /** Tokens over which the overlong penalty rises: {@code overlong_buffer}, or DAPO's fifth of the limit. */
    public int overlongTokens() {
        return overlongBuffer == null ? Math.max(1, maxNewTokens / 5) : overlongBuffer;
    }

    /** What becomes of completions that the length limit ended. */
    public enum Truncated {
        /** They are completions like all others. */
        KEEP,
        /** Their rewards count in their group, but the loss does not see them (DAPO's overlong filtering). */
        MASK,
        /**
         * They, and those that come near the limit, lose up to 1 of their reward (DAPO's soft overlong punishment,
         * arXiv 2503.14476, equation 13).
         */
        PENALISE
    }
}
