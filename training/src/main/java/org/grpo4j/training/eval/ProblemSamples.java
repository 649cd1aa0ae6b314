package org.grpo4j.training.eval;

import java.util.List;
import java.util.Map;

/**
 * All samples of one problem.
 *
 * @param problem its id
 * @param groups it belongs to, such as level 3
 * @param samples in order; at least one
 */
public record ProblemSamples(String problem, Map<String, String> groups, List<SampleRecord> samples) {

    public ProblemSamples {
        groups = Map.copyOf(groups);
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("problem " + problem + " has no samples");
        }
    }

    int correct() {
        return (int) samples.stream().filter(SampleRecord::correct).count();
    }

    /** Share of the samples that are right. */
    double accuracy() {
        return (double) correct() / samples.size();
    }

    double passAt(int k) {
        return PassAtK.of(samples.size(), correct(), k);
    }

    /** 1 for each sample that is right, else 0. */
    double[] scores() {
        return samples.stream().mapToDouble(sample -> sample.correct() ? 1 : 0).toArray();
    }

    AnswerVotes votes(AnswerEquivalence equivalence) {
        return AnswerVotes.of(
                samples.stream().map(SampleRecord::answer).toList(),
                samples.stream().map(SampleRecord::correct).toList(),
                equivalence);
    }

    boolean wasAsked() {
        return samples.get(0).wasAsked();
    }

    /** Whether the verifier could make sense of the gold; unknown counts as yes for a problem that was not asked. */
    boolean goldParsed() {
        return samples.stream().anyMatch(sample -> sample.goldParsed() != null || !sample.wasAsked());
    }
}
