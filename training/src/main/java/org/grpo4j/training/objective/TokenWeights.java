package org.grpo4j.training.objective;

import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Everything in the objective that does not depend on the policy, as one number a token: so the graph only multiplies
 * and sums, and the same graph serves every aggregation, every length and every split into micro-batches.
 *
 * <p>All arrays are {@code [rows, time]}, zero on padding and on rows without a completion.
 *
 * @param mask 1 on completion tokens
 * @param advantages the TD error of the token: its own advantage if it has one, else that of its completion, discounted if
 *     {@code td_error} is terminal
 * @param surrogate factor of the surrogate in the loss: aggregation weight times the weight that the trace gives the token
 *     times that of {@link TokenFactors}
 * @param kl factor of the KL in the loss: aggregation weight times beta
 * @param perCompletion 1 / T_i, whose sum over a completion is 1
 * @param entropy factor of the entropy in the loss: aggregation weight times the entropy bonus
 * @param history 1 on tokens that the trace remembers
 * @param traceScale what the traced log-ratio is multiplied by; the inverse row sum under row normalisation
 */
public record TokenWeights(
        double[][] mask,
        double[][] advantages,
        double[][] surrogate,
        double[][] kl,
        double[][] perCompletion,
        double[][] entropy,
        double[][] history,
        double[][] traceScale) {

    /**
     * Weights of a micro-batch.
     *
     * @param config the objective
     * @param advantages one a completion, {@code [n]}, as {@link Advantages#of} gives them
     * @param lengths completion tokens T_i of each, {@code [n]}, 1 to {@code time}
     * @param totals size of the batch this micro-batch is a part of
     * @param rows rows of the grid, at least n; further rows stay empty
     * @param time columns of the grid
     * @throws IllegalArgumentException if a completion is empty or does not fit
     */
    public static TokenWeights of(
            ObjectiveConfig config, double[] advantages, int[] lengths, BatchTotals totals, int rows, int time) {
        return of(config, advantages, lengths, totals, TokenFactors.ONES, rows, time);
    }

    /** The same with factors of the n completions. */
    public static TokenWeights of(
            ObjectiveConfig config,
            double[] advantages,
            int[] lengths,
            BatchTotals totals,
            TokenFactors factors,
            int rows,
            int time) {
        if (advantages.length != lengths.length || lengths.length > rows) {
            throw new IllegalArgumentException(lengths.length + " completions with " + advantages.length
                    + " advantages do not fit into " + rows + " rows");
        }
        TokenWeights weights = new TokenWeights(
                new double[rows][time],
                new double[rows][time],
                new double[rows][time],
                new double[rows][time],
                new double[rows][time],
                new double[rows][time],
                new double[rows][time],
                new double[rows][time]);
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 1 || lengths[i] > time) {
                throw new IllegalArgumentException("completion " + i + " has " + lengths[i]
                        + " tokens; a completion must have 1 to " + time + " here");
            }
            weights.fillRow(i, config, advantages[i], lengths[i], totals);
            weights.fillAdvantages(i, factors);
            weights.fillTrace(i, config, lengths[i], factors);
        }
        return weights;
    }

    /**
     * Copies these weights into the placeholders of {@link Objective} that its graph has under this configuration.
     *
     * @param placeholder the array {@code [rows, time]} of a placeholder by its name, such as {@code plan::input}
     */
    public void fill(ObjectiveConfig config, Function<String, INDArray> placeholder) {
        write(mask, placeholder.apply(Objective.MASK));
        write(advantages, placeholder.apply(Objective.ADVANTAGES));
        write(surrogate, placeholder.apply(Objective.SURROGATE_WEIGHTS));
        if (config.beta() > 0) {
            write(kl, placeholder.apply(Objective.KL_WEIGHTS));
        }
        if (config.ratioLevel() == RatioLevel.SEQUENCE) {
            write(perCompletion, placeholder.apply(Objective.PER_COMPLETION));
        }
        if (config.entropyBonus() > 0) {
            write(entropy, placeholder.apply(Objective.ENTROPY_WEIGHTS));
        }
        if (config.trace() == Trace.E_TRACE) {
            fillTrace(config, placeholder);
        }
    }

    private void fillTrace(ObjectiveConfig config, Function<String, INDArray> placeholder) {
        if (config.traceTokens() == TraceTokens.TOP_ENTROPY) {
            write(history, placeholder.apply(Objective.TRACE_HISTORY));
        }
        if (config.traceNormalisation() == TraceNormalisation.ROW) {
            write(traceScale, placeholder.apply(Objective.TRACE_SCALE));
        }
        if (config.variesDecay()) {
            placeholder.apply(Objective.DECAY).assign(config.decay());
        }
    }

    /** Copies numbers into an array of the same shape and of any floating-point type. */
    static void write(double[][] values, INDArray target) {
        try (INDArray copy = Nd4j.create(values)) {
            target.assign(copy);
        }
    }

    private void fillRow(int i, ObjectiveConfig config, double advantage, int length, BatchTotals totals) {
        double aggregation = aggregation(config, length, totals);
        for (int t = 0; t < length; t++) {
            mask[i][t] = 1;
            advantages[i][t] = config.tdError() == TdError.CONSTANT
                    ? advantage
                    : advantage * Math.pow(config.decay(), length - 1 - t);
            surrogate[i][t] = aggregation;
            kl[i][t] = aggregation * config.beta();
            perCompletion[i][t] = 1.0 / length;
            entropy[i][t] = aggregation * config.entropyBonus();
        }
    }

    /** Where every token has an advantage of its own, it takes the place of the completion's. */
    private void fillAdvantages(int i, TokenFactors factors) {
        double[][] ofTokens = factors.advantages();
        if (ofTokens != null) {
            System.arraycopy(ofTokens[i], 0, advantages[i], 0, ofTokens[i].length);
        }
    }

    private void fillTrace(int i, ObjectiveConfig config, int length, TokenFactors factors) {
        double[] remembered = factors.history() == null ? null : factors.history()[i];
        double[] factor = factors.surrogate() == null ? null : factors.surrogate()[i];
        TraceWeights trace = new TraceWeights(config, length, remembered, factor);
        double[] weights = trace.surrogate();
        double[] scale = trace.exponentScale();
        for (int t = 0; t < length; t++) {
            surrogate[i][t] *= weights[t];
            history[i][t] = remembered == null ? 1 : remembered[t];
            traceScale[i][t] = scale[t];
        }
    }

    /**
     * Weight of each token of a completion in a sum over the batch.
     *
     * @param length tokens T_i of the completion
     */
    public static double aggregation(ObjectiveConfig config, int length, BatchTotals totals) {
        return switch (config.aggregation()) {
            case SEQUENCE_MEAN -> 1.0 / ((double) totals.completions() * length);
            case TOKEN_MEAN -> 1.0 / totals.tokens();
            case CONSTANT -> {
                Integer maxLength = config.maxLength();
                if (maxLength == null) {
                    throw new IllegalStateException("constant aggregation without max_length was not refused");
                }
                yield 1.0 / ((double) totals.completions() * maxLength);
            }
        };
    }
}
