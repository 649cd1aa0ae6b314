package org.grpo4j.training.objective;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the policy that sampled says about the weight of each token of a batch: constants for the graph, found once for all
 * passes over the batch. All arrays are ragged, {@code [N][T_i]}; null stands for 1 everywhere, if nothing else is said.
 *
 * @param surrogate factor of the token's surrogate
 * @param history 1 where the trace remembers the token, else 0
 * @param advantages of each token by itself, after whitening and clamp; null where all tokens of a completion have its own
 */
public record TokenFactors(
        double @Nullable [][] surrogate, double @Nullable [][] history, double @Nullable [][] advantages) {

    /** Every token counts and is remembered. */
    public static final TokenFactors ONES = new TokenFactors(null, null, null);

    /**
     * What the trainer computes about the sampled tokens before it changes the policy, all {@code [N][T_i]}.
     *
     * @param entropies of the policy at the tokens
     * @param gaps log-prob of the token by the trainer minus that by the sampler
     */
    public record FirstPass(double[][] entropies, double[][] gaps) {
        /** Where sampler and trainer are the same. */
        static FirstPass withoutGaps(double[][] entropies) {
            double[][] gaps =
                    Arrays.stream(entropies).map(row -> new double[row.length]).toArray(double[][]::new);
            return new FirstPass(entropies, gaps);
        }
    }

    /** The factors that a configuration asks for. */
    public static TokenFactors of(ObjectiveConfig config, FirstPass first) {
        double[][] surrogate = null;
        if (config.topEntropy() < 1) {
            surrogate = topEntropy(first.entropies, config.topEntropy());
        }
        if (config.importanceCorrection() != ImportanceCorrection.NONE) {
            surrogate = corrected(config, first.gaps, surrogate);
        }
        boolean selective = config.traceTokens() == TraceTokens.TOP_ENTROPY;
        double[][] history = selective ? topEntropy(first.entropies, config.traceShare()) : null;
        return new TokenFactors(surrogate, history, null);
    }

    /** The same with an advantage for every token, {@code [N][T_i]}. */
    public TokenFactors withAdvantages(double[][] ofTokens) {
        return new TokenFactors(surrogate, history, ofTokens);
    }

    /** Those of some completions of the batch, in this order. */
    public TokenFactors subset(int... completions) {
        return new TokenFactors(
                rows(surrogate, completions), rows(history, completions), rows(advantages, completions));
    }

    /**
     * 1 for the share of tokens with the highest entropy of the whole batch, at least one, and 0 for the others. Tokens
     * that tie with the last of them are kept too, so that neither order nor micro-batches matter.
     *
     * @param entropies {@code [N][T_i]}
     */
    static double[][] topEntropy(double[][] entropies, double share) {
        double[] sorted = Arrays.stream(entropies)
                .flatMapToDouble(Arrays::stream)
                .sorted()
                .toArray();
        // Without the tolerance 0.2 of 10 tokens would be three.
        int kept = Math.max(1, (int) Math.ceil(share * sorted.length - 1e-9));
        double threshold = sorted[sorted.length - kept];
        return Arrays.stream(entropies)
                .map(row -> Arrays.stream(row)
                        .map(entropy -> entropy >= threshold ? 1 : 0)
                        .toArray())
                .toArray(double[][]::new);
    }

    private static double[][] corrected(ObjectiveConfig config, double[][] gaps, double @Nullable [][] factors) {
        double[][] weights = new double[gaps.length][];
        for (int i = 0; i < gaps.length; i++) {
            double[] row = gaps[i];
            double[] before = factors == null ? null : factors[i];
            weights[i] = IntStream.range(0, row.length)
                    .mapToDouble(t -> config.importanceCorrection().weight(row[t], config.importanceCap())
                            * (before == null ? 1 : before[t]))
                    .toArray();
        }
        return weights;
    }

    private static double @Nullable [][] rows(double @Nullable [][] of, int... completions) {
        return of == null
                ? null
                : Arrays.stream(completions).mapToObj(i -> of[i]).toArray(double[][]::new);
    }
}
