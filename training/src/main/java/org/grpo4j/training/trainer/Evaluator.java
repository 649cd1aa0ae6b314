package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiPredicate;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.Provenance;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;

/** Verified accuracy of a policy on held-out problems. */
public final class Evaluator {
    private final Policy policy;
    private final Prompts prompts;
    private final ProblemSet problems;
    private final int samples;
    private final SamplingConfig sampling;
    private final BiPredicate<String, String> verifier;

    /**
     * An evaluation that can be repeated.
     *
     * @param samples completions of each problem
     * @param verifier whether a completion (second) gives the gold answer (first)
     */
    public Evaluator(
            Policy policy,
            Prompts prompts,
            ProblemSet problems,
            int samples,
            SamplingConfig sampling,
            BiPredicate<String, String> verifier) {
        this.policy = policy;
        this.prompts = prompts;
        this.problems = problems;
        this.samples = samples;
        this.sampling = sampling;
        this.verifier = verifier;
    }

    /**
     * What an evaluation found.
     *
     * @param accuracy fraction of completions whose answer is verified
     * @param standardError of the accuracy; completions of the same problem do not count as independent
     * @param lengthMean mean tokens of a completion
     * @param truncated fraction of completions cut at the length limit
     * @param completions how many were sampled
     */
    public record Result(double accuracy, double standardError, double lengthMean, double truncated, int completions) {}

    /** Where the problems come from. */
    Provenance provenance() {
        return problems.provenance();
    }

    /** Samples and verifies; the same seed draws the same random numbers whatever the policy. */
    public Result evaluate(Rollouts rollouts, long seed) {
        List<CompletionRequest> requests = new ArrayList<>();
        for (int i = 0; i < problems.size(); i++) {
            int[] prompt = prompts.encode(problems.get(i));
            for (int k = 0; k < samples; k++) {
                requests.add(new CompletionRequest(prompt, Seeds.derive(seed, i, k)));
            }
        }
        List<Completion> completions = rollouts.sample(requests, sampling);
        int[] correct = new int[problems.size()];
        int truncated = 0;
        long tokens = 0;
        for (int i = 0; i < completions.size(); i++) {
            Problem problem = problems.get(i / samples);
            Completion completion = completions.get(i);
            String text = policy.tokenizer().decode(completion.tokens(), true);
            correct[i / samples] += problem.answers().stream().anyMatch(gold -> verifier.test(gold, text)) ? 1 : 0;
            truncated += completion.finished() ? 0 : 1;
            tokens += completion.tokens().length;
        }
        double n = completions.size();
        double accuracy = Arrays.stream(correct).sum() / n;
        return new Result(accuracy, standardError(correct, accuracy), tokens / n, truncated / n, completions.size());
    }

    /** Of the mean over problems, each of which is one observation: the fraction of its samples that are right. */
    private double standardError(int[] correct, double accuracy) {
        double squares = Arrays.stream(correct)
                .mapToDouble(right -> Math.pow((double) right / samples - accuracy, 2))
                .sum();
        return Math.sqrt(squares / Math.max(1, correct.length - 1) / correct.length);
    }
}
