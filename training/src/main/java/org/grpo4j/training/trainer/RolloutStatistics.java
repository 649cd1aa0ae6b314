package org.grpo4j.training.trainer;

import java.util.Arrays;
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
 * @param zeroSpread fraction of groups in which no completion is better than another: they teach nothing
 * @param failures fraction of completions that a reward could not score
 * @param lengths completion tokens
 * @param truncated fraction cut at the length limit
 * @param goldNotParsed fraction of problems whose gold answers the verifier cannot parse; NaN if it is not asked
 * @param usedGroups groups that the update learns from
 * @param used fraction that the update learns from
 * @param attempts rounds of sampling
 * @param droppedGroups groups that dynamic sampling took out
 * @param advantages of the completions used
 * @param components mean unweighted value of each reward
 */
record RolloutStatistics(
        double rewardMean,
        double rewardStd,
        double zeroSpread,
        double failures,
        IntSummaryStatistics lengths,
        double truncated,
        double goldNotParsed,
        long usedGroups,
        double used,
        int attempts,
        int droppedGroups,
        AdvantageStatistics advantages,
        Map<String, Double> components) {

    /** @param verified whether answers are compared with the gold answers */
    static RolloutStatistics of(RolloutBatch batch, boolean verified) {
        List<ScoredRollout> rollouts = batch.all();
        List<ScoredRollout> used =
                rollouts.stream().filter(r -> r.score().isUsable()).toList();
        double[] totals =
                used.stream().mapToDouble(r -> r.score().total().getAsDouble()).toArray();
        double mean = Arrays.stream(totals).average().orElse(Double.NaN);
        double variance = Arrays.stream(totals)
                .map(r -> (r - mean) * (r - mean))
                .average()
                .orElse(Double.NaN);
        long groups = used.stream().map(ScoredRollout::group).distinct().count();
        long spread = GroupComparison.withSpread(used).size();
        long cut = rollouts.stream().filter(r -> !r.completion().finished()).count();
        Map<String, Double> components = used.stream()
                .flatMap(r -> r.score().values().entrySet().stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, TreeMap::new, Collectors.averagingDouble(Map.Entry::getValue)));
        return new RolloutStatistics(
                mean,
                Math.sqrt(variance),
                groups == 0 ? Double.NaN : (double) (groups - spread) / groups,
                1 - (double) used.size() / rollouts.size(),
                rollouts.stream().mapToInt(r -> r.completion().tokens().length).summaryStatistics(),
                (double) cut / rollouts.size(),
                verified ? UnreadableGolds.fraction(rollouts) : Double.NaN,
                batch.used().stream().map(ScoredRollout::group).distinct().count(),
                (double) batch.used().size() / rollouts.size(),
                batch.attempts(),
                batch.droppedGroups(),
                AdvantageStatistics.of(batch.advantages()),
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
                .put(Metric.REWARD_FAILURES, failures)
                .put(Metric.GOLD_NOT_PARSED_FRACTION, goldNotParsed)
                .put(Metric.USED_GROUPS, usedGroups)
                .put(Metric.USED_FRACTION, used)
                .put(Metric.SAMPLING_ATTEMPTS, attempts)
                .put(Metric.DROPPED_GROUPS, droppedGroups);
        advantages.put(metrics);
        components.forEach((name, value) -> metrics.put("reward_" + name, value));
    }
}
