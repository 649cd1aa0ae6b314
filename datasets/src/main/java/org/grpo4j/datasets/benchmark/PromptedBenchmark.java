package org.grpo4j.datasets.benchmark;

import java.util.Map;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verification;

/**
 * A benchmark that is asked in another way.
 *
 * @param benchmark whose problems and scoring are kept
 * @param template of the prompt, with {@code {problem}} standing for the problem's text
 */
public record PromptedBenchmark(Benchmark benchmark, String template) implements Benchmark {

    private static final String PROBLEM = "{problem}";

    public PromptedBenchmark {
        if (!template.contains(PROBLEM)) {
            throw new IllegalArgumentException(
                    "the prompt template \"" + template + "\" must contain " + PROBLEM + " where the problem goes");
        }
    }

    @Override
    public String name() {
        return benchmark.name();
    }

    @Override
    public ProblemSet problems() {
        return benchmark.problems();
    }

    @Override
    public String prompt(Problem problem) {
        return template.replace(PROBLEM, problem.problem());
    }

    @Override
    public Verification score(Problem problem, String completion) {
        return benchmark.score(problem, completion);
    }

    @Override
    public boolean isFormatted(String completion) {
        return benchmark.isFormatted(completion);
    }

    @Override
    public Map<String, String> groups(Problem problem) {
        return benchmark.groups(problem);
    }
}
