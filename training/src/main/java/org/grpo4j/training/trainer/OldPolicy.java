package org.grpo4j.training.trainer;

import java.util.Arrays;
import java.util.List;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.TokenFactors;

/**
 * What the trainer computes about a batch before it changes the policy that sampled it: one forward pass more.
 *
 * @param logProbs of every completion's tokens, {@code [N][T_i]}
 * @param entropies at the same places
 */
record OldPolicy(List<float[]> logProbs, double[][] entropies) {

    static OldPolicy of(PolicyScorer scorer, List<TokenExample> examples, List<MicroBatch> batches) {
        List<PolicyScorer.Scores> scores = scorer.score(examples, batches);
        float[][] logProbs = new float[examples.size()][];
        double[][] entropies = new double[examples.size()][];
        for (int b = 0; b < batches.size(); b++) {
            MicroBatch batch = batches.get(b);
            for (int row = 0; row < batch.examples().length; row++) {
                int example = batch.examples()[row];
                int start = row * batch.shape().completionTime();
                int end = start + examples.get(example).completion().length;
                logProbs[example] = Arrays.copyOfRange(scores.get(b).logProbs(), start, end);
                entropies[example] = doubles(Arrays.copyOfRange(scores.get(b).entropies(), start, end));
            }
        }
        return new OldPolicy(List.of(logProbs), entropies);
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

    private static double[] doubles(float[] values) {
        double[] wide = new double[values.length];
        Arrays.setAll(wide, i -> values[i]);
        return wide;
    }
}
