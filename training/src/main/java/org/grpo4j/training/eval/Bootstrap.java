package org.grpo4j.training.eval;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap intervals (Efron, 1979) of means. The same seed gives the same interval. Scores lie in [0, 1].
 *
 * <p>Where every observation is the same, resampling shows no spread and an interval of no width would claim certainty. If
 * all are 0 or all are 1 the exact binomial interval is taken (Clopper and Pearson, 1934), which for 30 failures out of 30
 * reaches to 0.116.
 *
 * @param resamples how often to resample
 * @param confidence probability that an interval shall cover the true value, such as 0.95
 * @param seed of the resampling
 */
public record Bootstrap(int resamples, double confidence, long seed) {

    /** 2,000 resamples, 95 %. */
    public static final Bootstrap DEFAULT = new Bootstrap(2000, 0.95, 0);

    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples is " + resamples + ", must be at least 100");
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence is " + confidence + ", must be between 0 and 1");
        }
    }

    /** The mean over problems, with the interval of what other problems of the kind would give. */
    public Estimate mean(double[] scores) {
        return meanOfMeans(List.of(scores));
    }

    /** The mean of several sets' means; each set is resampled within itself. Empty sets are left out. */
    public Estimate meanOfMeans(List<double[]> sets) {
        List<double[]> filled = sets.stream().filter(set -> set.length > 0).toList();
        if (filled.isEmpty()) {
            return Estimate.NONE;
        }
        double value = filled.stream().mapToDouble(Bootstrap::average).average().orElseThrow();
        if (filled.stream().allMatch(Bootstrap::isConstant)) {
            return withoutSpread(value, sharedSize(filled));
        }
        return percentiles(
                value,
                random -> filled.stream()
                        .mapToDouble(set -> resampledMean(set, random))
                        .average()
                        .orElseThrow());
    }

    /**
     * The mean over problems, with the interval of what other sampling seeds would give on these problems.
     *
     * @param scores [problem][sample]; the s-th samples of all problems together are one run with one seed
     */
    public Estimate overSeeds(double[][] scores) {
        int seeds = Arrays.stream(scores).mapToInt(row -> row.length).min().orElse(0);
        double[] runs = new double[seeds];
        for (int s = 0; s < seeds; s++) {
            for (double[] row : scores) {
                runs[s] += row[s];
            }
            runs[s] /= scores.length;
        }
        double value = seeds == 0 ? Double.NaN : average(runs);
        if (seeds < 2) {
            return new Estimate(value, Double.NaN, Double.NaN);
        }
        // However differently likely the problems are, that all samples fail is at most as likely as with one
        // probability.
        return isConstant(runs)
                ? withoutSpread(value, scores.length * seeds)
                : percentiles(value, random -> resampledMean(runs, random));
    }

    /**
     * The mean of paired differences, which lie in [-1, 1]; each set is resampled within itself. When no pair differs the
     * interval is what the exact binomial one says of a share of differing pairs of which none was seen.
     */
    public Estimate differences(List<double[]> sets) {
        List<double[]> filled = sets.stream().filter(set -> set.length > 0).toList();
        if (!filled.isEmpty() && filled.stream().allMatch(set -> isConstant(set) && set[0] == 0)) {
            double bound = withoutSpread(0, sharedSize(filled)).high();
            return new Estimate(0, -bound, bound);
        }
        return meanOfMeans(filled);
    }

    /**
     * As many observations of one set say as much about its mean as these say about the mean of the sets' means, or less:
     * where all fail, the smallest set leaves most room, and by Jensen's inequality no division of the room gives more.
     */
    private static int sharedSize(List<double[]> sets) {
        return sets.size() * sets.stream().mapToInt(set -> set.length).min().orElseThrow();
    }

    private Estimate withoutSpread(double value, int n) {
        double tail = Math.pow((1 - confidence) / 2, 1.0 / n);
        if (value == 0) {
            return new Estimate(0, 0, 1 - tail);
        }
        return value == 1 ? new Estimate(1, tail, 1) : new Estimate(value, value, value);
    }

    private Estimate percentiles(double value, ToDoubleFunction<SplittableRandom> statistic) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int i = 0; i < resamples; i++) {
            means[i] = statistic.applyAsDouble(random);
        }
        Arrays.sort(means);
        double tail = (1 - confidence) / 2;
        return new Estimate(value, quantile(means, tail), quantile(means, 1 - tail));
    }

    private static double quantile(double[] sorted, double probability) {
        double place = probability * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private static double resampledMean(double[] values, SplittableRandom random) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[random.nextInt(values.length)];
        }
        return sum / values.length;
    }

    private static double average(double[] values) {
        return Arrays.stream(values).sum() / values.length;
    }

    private static boolean isConstant(double[] values) {
        return Arrays.stream(values).allMatch(value -> value == values[0]);
    }
}
