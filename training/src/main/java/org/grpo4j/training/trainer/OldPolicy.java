package org.grpo4j.training.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.TokenFactors;
import org.grpo4j.training.trainer.PolicyScorer.Scores;

/**
 * What the trainer computes about a batch before it changes the policy that sampled it: one forward pass more.
 *
 * @param logProbs of every completion's tokens, {@code [N][T_i]}
 * @param entropies at the same places
 * @param values of the critic at the same places; no rows without one
 */
record OldPolicy(List<float[]> logProbs, double[][] entropies, double[][] values) {

    /** @param scorer that computes entropies */
    static OldPolicy of(PolicyScorer scorer, List<TokenExample> examples, List<MicroBatch> batches) {
        List<Scores> scores = scorer.score(examples, batches);
        return new OldPolicy(
                List.of(ragged(scores, Scores::logProbs, examples, batches)),
                doubles(ragged(scores, Scores::entropies, examples, batches)),
                scores.get(0).values().length == 0
                        ? new double[0][]
                        : doubles(ragged(scores, Scores::values, examples, batches)));
    }

    /** The rows of the micro-batches' grids by completion. */
    private static float[][] ragged(
            List<Scores> scores,
            Function<Scores, float[]> grid,
            List<TokenExample> examples,
            List<MicroBatch> batches) {
        float[][] rows = new float[examples.size()][];
        for (int b = 0; b < batches.size(); b++) {
            MicroBatch batch = batches.get(b);
            for (int row = 0; row < batch.examples().length; row++) {
                int example = batch.examples()[row];
                int start = row * batch.shape().completionTime();
                int end = start + examples.get(example).completion().length;
                rows[example] = Arrays.copyOfRange(grid.apply(scores.get(b)), start, end);
            }
        }
        return rows;
    }

    /** Weights of the batch's tokens. */
    TokenFactors factors(ObjectiveConfig objective, List<float[]> sampled) {
        double[][] gaps = new double[entropies.length][];
        for (int i = 0; i < gaps.length; i++) {
            float[] own = logProbs.get(i);
            float[] reported = sampled.get(i);
            gaps[i] = new double[own.length];
            Arrays.setAll(gaps[i], t -> (double) own[t] - reported[t]);
        }
        return TokenFactors.of(objective, new TokenFactors.FirstPass(entropies, gaps));
    }

    private static double[][] doubles(float[][] rows) {
        return Arrays.stream(rows)
                .map(row ->
                        IntStream.range(0, row.length).mapToDouble(t -> row[t]).toArray())
                .toArray(double[][]::new);
    }
}
