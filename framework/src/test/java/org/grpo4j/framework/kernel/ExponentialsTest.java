package org.grpo4j.framework.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExponentialsTest {
    @ParameterizedTest
    @CsvSource({"1, 1, 1", "17, 5, 1", "512, 0.1, 1", "1000, 3, 0.7", "151936, 2, 1", "151936, 0.001, 1.4"})
    void logSumsEqualThoseOfDoubles(int length, double spread, float factor) {
        float[] scores = random(length, spread);
        Exponentials exponentials = new Exponentials(length);
        exponentials.of(random(length, 50), 1);
        exponentials.of(scores, factor);
        int best = 0;
        for (int i = 0; i < length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        double total = 0;
        for (float score : scores) {
            total += Math.exp(((double) score - scores[best]) * factor);
        }
        assertThat(exponentials.best()).isEqualTo(best);
        assertThat(Math.log(exponentials.total())).isCloseTo(Math.log(total), within(1e-6));
    }

    @Test
    void placesInTheRunningSumAreFound() {
        int length = 1300;
        float[] scores = random(length, 2);
        Exponentials exponentials = new Exponentials(length);
        exponentials.of(scores, 1);
        double before = 0;
        for (int i = 0; i < length; i++) {
            // The middle of a term, so that rounding cannot move the point into a neighbour.
            assertThat(exponentials.indexAt(before + exponentials.term(i) / 2)).isEqualTo(i);
            before += exponentials.term(i);
        }
        assertThat(exponentials.indexAt(0)).isZero();
        assertThat(exponentials.indexAt(Math.nextDown(exponentials.total()))).isBetween(0, length - 1);
    }

    @Test
    void ofEqualScoresTheFirstIsBest() {
        float[] scores = new float[700];
        scores[650] = 3;
        scores[600] = 3;
        Exponentials exponentials = new Exponentials(scores.length);
        exponentials.of(scores, 1);
        assertThat(exponentials.best()).isEqualTo(600);
    }

    private static float[] random(int length, double spread) {
        Random random = new Random(length);
        float[] scores = new float[length];
        for (int i = 0; i < length; i++) {
            scores[i] = (float) (spread * random.nextGaussian());
        }
        return scores;
    }
}
