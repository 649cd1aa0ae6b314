package org.grpo4j.models.generate;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.grpo4j.framework.kernel.Exponentials;

/** Chooses tokens from logits. Reuses its scratch memory: one thread at a time. */
final class TokenChoice {
    private final SamplingConfig sampling;
    private final Exponentials weights;
    private final long[] ranked;
    private double logProb;

    TokenChoice(SamplingConfig sampling, int vocabularySize) {
        this.sampling = sampling;
        this.weights = new Exponentials(vocabularySize);
        this.ranked = new long[filters() ? vocabularySize : 0];
    }

    private boolean filters() {
        return sampling.temperature() > 0 && (sampling.topK() > 0 || sampling.topP() < 1);
    }

    /** Natural log-probability of the token chosen last, as {@link Completion#logProbs} defines it. */
    double logProb() {
        return logProb;
    }

    /** Chooses a token; takes exactly one number from {@code random} unless greedy. */
    int choose(float[] logits, RandomGenerator random) {
        boolean greedy = sampling.temperature() == 0;
        double inverse = greedy ? 1 : 1 / sampling.temperature();
        weights.of(logits, (float) inverse);
        int token = weights.best();
        if (!greedy) {
            double point = random.nextDouble();
            token = filters() ? chooseFiltered(logits, point) : weights.indexAt(point * weights.total());
        }
        logProb = ((double) logits[token] - logits[weights.best()]) * inverse - Math.log(weights.total());
        return token;
    }

    private int chooseFiltered(float[] logits, double point) {
        int candidates = rankCandidates(logits);
        int limit = sampling.topK() > 0 ? Math.min(sampling.topK(), candidates) : candidates;
        double kept = 0;
        int count = 0;
        while (count < limit && (count == 0 || kept < sampling.topP() * weights.total())) {
            kept += weights.term(tokenAt(count, candidates));
            count++;
        }
        double left = point * kept;
        for (int rank = 0; rank < count; rank++) {
            left -= weights.term(tokenAt(rank, candidates));
            if (left < 0) {
                return tokenAt(rank, candidates);
            }
        }
        return weights.best();
    }

    /**
     * Ranks the most probable tokens, as many as the filters can keep, and returns how many these are. Sorting a whole
     * vocabulary takes longer than a decoding step of a small model, so the best are found by lowering a bar first.
     */
    private int rankCandidates(float[] logits) {
        float largest = logits[weights.best()];
        for (double depth = 1; ; depth *= 2) {
            float bar = (float) (largest - depth * Math.max(sampling.temperature(), 1e-3));
            int count = 0;
            double kept = 0;
            for (int i = 0; i < logits.length; i++) {
                if (logits[i] >= bar) {
                    ranked[count++] = key(logits[i], i);
                    kept += weights.term(i);
                }
            }
            boolean enough = (sampling.topK() > 0 && count >= sampling.topK())
                    || (sampling.topP() < 1 && kept > sampling.topP() * weights.total());
            if (enough || count == logits.length || depth > 1e9) {
                Arrays.sort(ranked, 0, count);
                return count;
            }
        }
    }

    /** Ascending by logit, ties by descending id, so that the end of a sorted array holds the best with the lowest id. */
    private static long key(float logit, int id) {
        int bits = Float.floatToIntBits(logit);
        int sortable = bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
        return ((long) sortable << 32) | (0xFFFFFFFFL - id);
    }

    private int tokenAt(int rank, int candidates) {
        return (int) (0xFFFFFFFFL - (ranked[candidates - 1 - rank] & 0xFFFFFFFFL));
    }
}
