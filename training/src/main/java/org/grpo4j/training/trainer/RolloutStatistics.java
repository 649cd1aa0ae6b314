package org.grpo4j.training.trainer;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;

/**
 * What the completions of a step look like before anything is learned from them.
 *
 * @param rewardMean mean total reward
 * @param rewardStd population standard deviation of the total reward
 * @param zeroSpread fraction of groups whose rewards are all equal: they teach nothing
 * @param failures fraction of completions that a reward could not score
 * @param lengths completion tokens
 * @param truncated fraction cut at the length limit
 * @param components mean unweighted value of each reward
 */
record RolloutStatistics(
        double rewardMean,
        double rewardStd,
        double zeroSpread,
        double failures,
        IntSummaryStatistics lengths,
        double truncated,
        Map<String, Double> components) {

    static RolloutStatistics of(List<ScoredRollout> rollouts) {
        List<ScoredRollout> used =
                rollouts.stream().filter(r -> r.score().isUsable()).toList();
        double[] totals =
                used.stream().mapToDouble(r -> r.score().total().getAsDouble()).toArray();
        double mean = Arrays.stream(totals).average().orElse(Double.NaN);
        double variance = Arrays.stream(totals)
                .map(r -> (r - mean) * (r - mean))
                .average()
                .orElse(Double.NaN);
        Map<Integer, DoubleSummaryStatistics> groups = used.stream()
                .collect(Collectors.groupingBy(
                        ScoredRollout::group,
                        Collectors.summarizingDouble(r -> r.score().total().getAsDouble())));
        long flat =
                groups.values().stream().filter(g -> g.getMax() == g.getMin()).count();
        long cut = rollouts.stream().filter(r -> !r.completion().finished()).count();
        Map<String, Double> components = used.stream()
                .flatMap(r -> r.score().values().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, TreeMap::new, Collectors.averagingDouble(Map.Entry::getValue)));
        return new RolloutStatistics(
                mean,
                Math.sqrt(variance),
                groups.isEmpty() ? Double.NaN : (double) flat / groups.size(),
                1 - (double) used.size() / rollouts.size(),
                rollouts.stream().mapToInt(r -> r.completion().tokens().length).summaryStatistics(),
                (double) cut / rollouts.size(),
                components);
    }

    void put(StepMetrics.Builder metrics) {
        metrics.put(Metric.REWARD_MEAN, rewardMean)
                .put(Metric.REWARD_STD, rewardStd)
                .put(Metric.ZERO_SPREAD_FRACTION, zeroSpread)
                .put(Metric.LENGTH_MEAN, lengths.getAverage())
                .put(Metric.LENGTH_MIN, lengths.getMin())
                .put(Metric.LENGTH_MAX, lengths.getMax())
                .put(Metric.TRUNCATED_FRACTION, truncated)
                .put("reward_failures", failures);
        components.forEach((name, value) -> metrics.put("reward_" + name, value));
    }
}
