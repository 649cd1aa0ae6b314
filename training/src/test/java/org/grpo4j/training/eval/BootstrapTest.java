package org.grpo4j.training.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BootstrapTest {

    private static final Bootstrap QUICK = new Bootstrap(400, 0.95, 1);

    @ParameterizedTest
    @CsvSource({"100, 0.3", "60, 0.5", "300, 0.1"})
    void intervalsCoverTheTruthAboutAsOftenAsTheySay(int problems, double truth) {
        SplittableRandom random = new SplittableRandom(11);
        int covered = 0;
        int trials = 400;
        for (int trial = 0; trial < trials; trial++) {
            Estimate estimate = QUICK.mean(draw(problems, truth, random));
            covered += estimate.low() <= truth && truth <= estimate.high() ? 1 : 0;
        }
        assertThat((double) covered / trials).isBetween(0.90, 0.985);
    }

    @Test
    void pairedDifferencesAreTighterThanDifferencesOfStrangers() {
        SplittableRandom random = new SplittableRandom(3);
        double[] a = new double[200];
        double[] b = new double[200];
        double[] differences = new double[200];
        for (int i = 0; i < a.length; i++) {
            boolean easy = random.nextBoolean();
            a[i] = easy ? 1 : 0;
            b[i] = random.nextDouble() < 0.1 ? 1 : a[i];
            differences[i] = b[i] - a[i];
        }
        Estimate paired = Bootstrap.DEFAULT.differences(List.of(differences));
        double wide = width(Bootstrap.DEFAULT.mean(a)) + width(Bootstrap.DEFAULT.mean(b));
        assertThat(paired.low()).isPositive();
        assertThat(width(paired)).isLessThan(wide / 2);
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] scores = draw(50, 0.4, new SplittableRandom(5));
        assertThat(QUICK.mean(scores)).isEqualTo(QUICK.mean(scores));
        assertThat(new Bootstrap(400, 0.95, 2).mean(scores)).isNotEqualTo(QUICK.mean(scores));
    }

    @Test
    void allWrongIsNoCertainty() {
        // 1 - 0.025^(1/30), the upper end of Clopper and Pearson's interval.
        assertThat(QUICK.mean(new double[30]).high()).isCloseTo(0.1157, within(1e-4));
        assertThat(QUICK.mean(new double[30]).low()).isZero();
        assertThat(QUICK.mean(new double[] {1, 1, 1, 1}).low()).isCloseTo(0.3976, within(1e-4));
        // The mean over suites may be as high as the smallest of them allows.
        assertThat(QUICK.meanOfMeans(List.of(new double[30], new double[3000])).high())
                .isBetween(0.1157 / 2, 0.062);
        Estimate none = QUICK.differences(List.of(new double[30]));
        assertThat(none.low()).isCloseTo(-0.1157, within(1e-4));
    }

    @Test
    void aMeanOverSuitesWeighsThemEqually() {
        double[] large = draw(500, 0.9, new SplittableRandom(7));
        double[] small = draw(10, 0.1, new SplittableRandom(8));
        Estimate both = QUICK.meanOfMeans(List.of(large, small, new double[0]));
        double expected = (Arrays.stream(large).average().orElseThrow()
                        + Arrays.stream(small).average().orElseThrow())
                / 2;
        assertThat(both.value()).isCloseTo(expected, within(1e-12));
        assertThat(both.low()).isLessThan(expected);
        assertThat(QUICK.meanOfMeans(List.of())).isEqualTo(Estimate.NONE);
    }

    @Test
    void overSeedsOnlyWhatChangesWithTheSeedCounts() {
        // Half of the problems always succeed and half never do: problems vary, seeds do not.
        double[][] fixed = IntStream.range(0, 40)
                .mapToObj(i -> new double[] {i % 2, i % 2, i % 2})
                .toArray(double[][]::new);
        assertThat(QUICK.overSeeds(fixed)).isEqualTo(new Estimate(0.5, 0.5, 0.5));
        assertThat(width(QUICK.mean(
                        Arrays.stream(fixed).mapToDouble(row -> row[0]).toArray())))
                .isGreaterThan(0.2);
        double[][] varied = {{0, 1, 1, 0}, {0, 1, 1, 1}};
        assertThat(QUICK.overSeeds(varied).value()).isEqualTo(0.625);
        assertThat(width(QUICK.overSeeds(varied))).isPositive();
        assertThat(QUICK.overSeeds(new double[][] {{1}, {0}}).low()).isNaN();
    }

    private static double width(Estimate estimate) {
        return estimate.high() - estimate.low();
    }

    private static double[] draw(int n, double probability, SplittableRandom random) {
        return IntStream.range(0, n)
                .mapToDouble(i -> random.nextDouble() < probability ? 1 : 0)
                .toArray();
    }
}
