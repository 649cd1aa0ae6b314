package org.grpo4j.training.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the completions of a suite are like, right or wrong. Problems that were not asked are left out; shares of nothing
 * are NaN.
 *
 * @param count how many there are
 * @param truncated share that was cut at the length limit
 * @param lengthMean tokens
 * @param lengthMedian tokens
 * @param lengthMeanCorrect tokens of those that are right
 * @param finishedAccuracy share of right ones among those that were not cut
 * @param withoutAnswer share in which no answer was found
 * @param formatFailures share that does not mark its answer as the prompt asks
 * @param reasons how often each reason was given, by its words
 */
public record CompletionStatistics(
        int count,
        double truncated,
        double lengthMean,
        double lengthMedian,
        double lengthMeanCorrect,
        double finishedAccuracy,
        double withoutAnswer,
        double formatFailures,
        Map<String, Long> reasons) {

    static CompletionStatistics of(List<SampleRecord> all) {
        List<SampleRecord> asked = all.stream().filter(SampleRecord::wasAsked).toList();
        List<SampleRecord> finished =
                asked.stream().filter(SampleRecord::finished).toList();
        List<SampleRecord> correct =
                asked.stream().filter(SampleRecord::correct).toList();
        return new CompletionStatistics(
                asked.size(),
                share(asked, sample -> !sample.finished()),
                meanLength(asked),
                medianLength(asked),
                meanLength(correct),
                share(finished, SampleRecord::correct),
                share(asked, sample -> sample.answer() == null),
                share(asked, sample -> !sample.formatted()),
                all.stream().collect(Collectors.groupingBy(SampleRecord::reason, TreeMap::new, Collectors.counting())));
    }

    private static double share(List<SampleRecord> samples, Predicate<SampleRecord> which) {
        return samples.isEmpty()
                ? Double.NaN
                : (double) samples.stream().filter(which).count() / samples.size();
    }

    private static double meanLength(List<SampleRecord> samples) {
        return samples.stream().mapToInt(SampleRecord::tokens).average().orElse(Double.NaN);
    }

    private static double medianLength(List<SampleRecord> samples) {
        int[] lengths = samples.stream().mapToInt(SampleRecord::tokens).sorted().toArray();
        int n = lengths.length;
        return n == 0 ? Double.NaN : (lengths[(n - 1) / 2] + lengths[n / 2]) / 2.0;
    }

    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("completions", count);
        map.put("truncated", Estimate.orNull(truncated));
        map.put("length_mean", Estimate.orNull(lengthMean));
        map.put("length_median", Estimate.orNull(lengthMedian));
        map.put("length_mean_correct", Estimate.orNull(lengthMeanCorrect));
        map.put("finished_accuracy", Estimate.orNull(finishedAccuracy));
        map.put("without_answer", Estimate.orNull(withoutAnswer));
        map.put("format_failures", Estimate.orNull(formatFailures));
        map.put("reasons", reasons);
        return map;
    }
}
