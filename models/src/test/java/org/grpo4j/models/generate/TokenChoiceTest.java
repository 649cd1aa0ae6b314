package org.grpo4j.models.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenChoiceTest {
    private static final int VOCABULARY = 700;
    private static final int DRAWS = 200_000;

    /** Frequencies are the probabilities of the kept tokens, and tokens outside are never drawn. */
    @ParameterizedTest
    @CsvSource({"1, 0, 1", "0.6, 0, 1", "1, 5, 1", "1.3, 0, 0.8", "0.8, 40, 0.6", "1, 1000, 0.999", "0.001, 0, 0.5"})
    void frequenciesAreProbabilities(double temperature, int topK, double topP) {
        float[] logits = logits();
        double[] kept = keptProbabilities(logits, temperature, topK, topP);
        double normaliser = 0;
        for (float logit : logits) {
            normaliser += Math.exp((logit - 4) / temperature);
        }
        TokenChoice choice = new TokenChoice(new SamplingConfig(temperature, topK, topP, 1, Set.of()), VOCABULARY);
        SplittableRandom random = new SplittableRandom(5);
        int[] counts = new int[VOCABULARY];
        for (int i = 0; i < DRAWS; i++) {
            int token = choice.choose(logits, random);
            counts[token]++;
            double expected = (logits[token] - 4) / temperature - Math.log(normaliser);
            assertThat(choice.logProb()).isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
        }
        for (int token = 0; token < VOCABULARY; token++) {
            // Five standard deviations of a count, and one for the rare tokens.
            double deviation = Math.sqrt(DRAWS * kept[token] * (1 - kept[token]));
            assertThat(Math.abs(counts[token] - DRAWS * kept[token]))
                    .as("token %d", token)
                    .isLessThanOrEqualTo(kept[token] == 0 ? 0 : 5 * deviation + 1);
        }
    }

    private static double[] keptProbabilities(float[] logits, double temperature, int topK, double topP) {
        int[] ranked = IntStream.range(0, VOCABULARY)
                .boxed()
                .sorted((a, b) -> Float.compare(logits[b], logits[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] weights = new double[VOCABULARY];
        double total = 0;
        for (int i = 0; i < VOCABULARY; i++) {
            weights[i] = Math.exp((logits[i] - logits[ranked[0]]) / temperature);
            total += weights[i];
        }
        double[] kept = new double[VOCABULARY];
        double sum = 0;
        for (int rank = 0; rank < VOCABULARY && sum < topP * total && (topK == 0 || rank < topK); rank++) {
            kept[ranked[rank]] = weights[ranked[rank]];
            sum += weights[ranked[rank]];
        }
        for (int i = 0; i < VOCABULARY; i++) {
            kept[i] /= sum;
        }
        return kept;
    }

    @Test
    void greedyTakesTheFirstOfTheLargest() {
        float[] logits = logits();
        logits[400] = logits[300] = 9;
        TokenChoice choice = new TokenChoice(SamplingConfig.greedy(1, Set.of()), VOCABULARY);
        assertThat(choice.choose(logits, new SplittableRandom(1))).isEqualTo(300);
        assertThat(choice.logProb()).isBetween(Math.log(0.2), Math.log(0.5));
    }

    private static float[] logits() {
        Random random = new Random(3);
        float[] logits = new float[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            logits[i] = (float) random.nextGaussian();
        }
        logits[17] = 4;
        logits[600] = 3.5f;
        return logits;
    }
}
