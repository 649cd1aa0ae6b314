package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The results of one suite. A problem whose prompt is too long for the model counts as answered wrong.
 *
 * @param suite its name
 * @param problems how many
 * @param samples completions of each problem
 * @param accuracy pass@1, which is also the average over samples (avg@k), with the interval over problems
 * @param accuracyOverSeeds the same with the interval over sampling seeds on these problems
 * @param passAtK unbiased pass@k by k
 * @param majorityAtK expected majority vote by k
 * @param promptsTooLong problems that were not asked
 * @param goldsNotParsed problems whose gold the verifier could not make sense of
 * @param completions what they are like
 * @param groups accuracy by subject and level, where the data has them
 * @param scores share of right samples of each problem
 */
public record SuiteStatistics(
        String suite,
        int problems,
        int samples,
        Estimate accuracy,
        Estimate accuracyOverSeeds,
        SortedMap<Integer, Estimate> passAtK,
        SortedMap<Integer, Estimate> majorityAtK,
        int promptsTooLong,
        int goldsNotParsed,
        CompletionStatistics completions,
        List<GroupAccuracy> groups,
        double[] scores) {

    public SuiteStatistics {
        passAtK = Collections.unmodifiableSortedMap(new TreeMap<>(passAtK));
        majorityAtK = Collections.unmodifiableSortedMap(new TreeMap<>(majorityAtK));
        groups = List.copyOf(groups);
        scores = scores.clone();
    }

    /** Computes everything from samples; every problem must have as many. */
    public static SuiteStatistics of(
            String suite, List<ProblemSamples> problems, AnswerEquivalence equivalence, Bootstrap bootstrap) {
        int samples = problems.stream()
                .mapToInt(problem -> problem.samples().size())
                .min()
                .orElseThrow(() -> new IllegalArgumentException("suite " + suite + " has no problems"));
        List<AnswerVotes> votes =
                problems.stream().map(problem -> problem.votes(equivalence)).toList();
        SortedMap<Integer, Estimate> passAtK = new TreeMap<>();
        SortedMap<Integer, Estimate> majorityAtK = new TreeMap<>();
        for (int k : ks(samples)) {
            passAtK.put(k, bootstrap.mean(each(problems, problem -> problem.passAt(k))));
            majorityAtK.put(k, bootstrap.mean(each(votes, vote -> MajorityVote.of(vote, k))));
        }
        double[] scores = each(problems, ProblemSamples::accuracy);
        List<SampleRecord> all =
                problems.stream().flatMap(problem -> problem.samples().stream()).toList();
        return new SuiteStatistics(
                suite,
                problems.size(),
                samples,
                bootstrap.mean(scores),
                bootstrap.overSeeds(
                        problems.stream().map(ProblemSamples::scores).toArray(double[][]::new)),
                passAtK,
                majorityAtK,
                (int) problems.stream().filter(problem -> !problem.wasAsked()).count(),
                (int) problems.stream().filter(problem -> !problem.goldParsed()).count(),
                CompletionStatistics.of(all),
                groups(problems, bootstrap),
                scores);
    }

    /** Powers of two up to the number of samples, and that number. */
    private static TreeSet<Integer> ks(int samples) {
        TreeSet<Integer> ks = new TreeSet<>(List.of(samples));
        for (int k = 1; k <= samples; k *= 2) {
            ks.add(k);
        }
        return ks;
    }

    private static <T> double[] each(List<T> items, ToDoubleFunction<T> value) {
        return items.stream().mapToDouble(value).toArray();
    }

    private static List<GroupAccuracy> groups(List<ProblemSamples> problems, Bootstrap bootstrap) {
        List<GroupAccuracy> groups = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(Comparator.reverseOrder());
        problems.forEach(problem -> names.addAll(problem.groups().keySet()));
        for (String name : names) {
            Map<String, List<ProblemSamples>> parts = problems.stream()
                    .filter(problem -> problem.groups().containsKey(name))
                    .collect(Collectors.groupingBy(
                            problem -> problem.groups().getOrDefault(name, ""), TreeMap::new, Collectors.toList()));
            parts.forEach((value, members) -> groups.add(new GroupAccuracy(
                    name, value, members.size(), bootstrap.mean(each(members, ProblemSamples::accuracy)))));
        }
        return groups;
    }

    @Override
    public double[] scores() {
        return scores.clone();
    }

    /** As a JSON object, without the scores of single problems. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("suite", suite);
        map.put("problems", problems);
        map.put("samples", samples);
        map.put("accuracy", accuracy.toMap());
        map.put("accuracy_over_seeds", accuracyOverSeeds.toMap());
        map.put("pass_at_k", byK(passAtK));
        map.put("majority_at_k", byK(majorityAtK));
        map.put("prompts_too_long", promptsTooLong);
        map.put("golds_not_parsed", goldsNotParsed);
        map.putAll(completions.toMap());
        List<Map<String, @Nullable Object>> parts = new ArrayList<>();
        for (GroupAccuracy group : groups) {
            Map<String, @Nullable Object> part = new LinkedHashMap<>();
            part.put("group", group.group());
            part.put("value", group.value());
            part.put("problems", group.problems());
            part.put("accuracy", group.accuracy().toMap());
            parts.add(part);
        }
        map.put("groups", parts);
        return map;
    }

    private static Map<String, @Nullable Object> byK(SortedMap<Integer, Estimate> estimates) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        estimates.forEach((k, estimate) -> map.put(Integer.toString(k), estimate.toMap()));
        return map;
    }
}
