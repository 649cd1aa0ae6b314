package org.grpo4j.models.generate;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Chooses tokens from logits. Reuses its scratch memory: one thread at a time. */
final class TokenChoice {
    private final SamplingConfig sampling;
    private final double[] weights;
    private final long[] ranked;
    private double logProb;

    TokenChoice(SamplingConfig sampling, int vocabularySize) {
        this.sampling = sampling;
        this.weights = new double[vocabularySize];
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
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        double total = 0;
        for (int i = 0; i < logits.length; i++) {
            weights[i] = Math.exp((logits[i] - logits[best]) * inverse);
            total += weights[i];
        }
        int token = best;
        if (!greedy) {
            double point = random.nextDouble();
            token = filters() ? chooseFiltered(logits, total, point) : chooseAmongAll(total, point, best);
        }
        logProb = (logits[token] - logits[best]) * inverse - Math.log(total);
        return token;
    }

    private int chooseAmongAll(double total, double point, int fallback) {
        double left = point * total;
        for (int i = 0; i < weights.length; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        // Rounding can leave a crumb after the last token.
        return fallback;
    }

    private int chooseFiltered(float[] logits, double total, double point) {
        // Ascending by logit, ties by descending id, so that the end of the array holds the best with the lowest id.
        for (int i = 0; i < logits.length; i++) {
            ranked[i] = ((long) sortable(logits[i]) << 32) | (0xFFFFFFFFL - i);
        }
        Arrays.sort(ranked);
        int limit = sampling.topK() > 0 ? Math.min(sampling.topK(), ranked.length) : ranked.length;
        double kept = 0;
        int count = 0;
        while (count < limit && (count == 0 || kept < sampling.topP() * total)) {
            kept += weights[tokenAt(count)];
            count++;
        }
        double left = point * kept;
        for (int rank = 0; rank < count; rank++) {
            left -= weights[tokenAt(rank)];
            if (left < 0) {
                return tokenAt(rank);
            }
        }
        return tokenAt(0);
    }

    private int tokenAt(int rank) {
        return (int) (0xFFFFFFFFL - (ranked[ranked.length - 1 - rank] & 0xFFFFFFFFL));
    }

    /** Maps floats to integers of the same order. */
    private static int sortable(float value) {
        int bits = Float.floatToIntBits(value);
        return bits >= 0 ? bits : bits ^ 0x7FFFFFFF;
    }
}
