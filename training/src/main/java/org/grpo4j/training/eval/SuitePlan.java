package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.Provenance;
import org.grpo4j.datasets.benchmark.Benchmark;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.trainer.Seeds;

/**
 * What is asked of one suite, in an order that the configuration alone decides. Prompts of like length are neighbours, so
 * that little of a batch is padding; the samples of a problem follow each other, so that its prompt is read once.
 *
 * @param benchmark the suite
 * @param provenance of all its problems, before any limit
 * @param problems that are asked
 * @param ids what results call each problem: its own id, or its number where ids are not unique
 * @param tasks one a completion
 */
record SuitePlan(
        Benchmark benchmark, Provenance provenance, List<Problem> problems, List<String> ids, List<Task> tasks) {

    /**
     * One completion to sample.
     *
     * @param index of the problem
     * @param sample number of the completion, from 0
     * @param prompt token ids
     * @param seed of its random choices
     */
    record Task(int index, int sample, int[] prompt, long seed) {}

    static SuitePlan of(Benchmark benchmark, EvaluationConfig config, PromptEncoder encoder) {
        ProblemSet all = benchmark.problems();
        Integer limit = config.limit();
        List<Problem> problems = all.subList(0, limit == null ? all.size() : Math.min(all.size(), limit));
        if (problems.isEmpty()) {
            throw new InputException("the suite " + benchmark.name() + " has no problems; leave it out");
        }
        List<int[]> prompts = problems.stream()
                .map(problem -> encode(benchmark, problem, encoder))
                .toList();
        // Seeds must not depend on which other suites are evaluated, so the name stands for the suite.
        long suite = benchmark.name().hashCode();
        List<Task> tasks = new ArrayList<>();
        IntStream.range(0, problems.size())
                .boxed()
                .sorted(Comparator.comparingInt(index -> prompts.get(index).length))
                .forEach(index -> {
                    for (int sample = 0; sample < config.samples(); sample++) {
                        long seed = Seeds.derive(config.seed(), suite, index, sample);
                        tasks.add(new Task(index, sample, prompts.get(index), seed));
                    }
                });
        return new SuitePlan(benchmark, all.provenance(), problems, ids(all), tasks);
    }

    private static List<String> ids(List<Problem> problems) {
        List<String> own = problems.stream().map(Problem::id).toList();
        return own.size() == Set.copyOf(own).size()
                ? own
                : IntStream.range(0, own.size()).mapToObj(Integer::toString).toList();
    }

    private static int[] encode(Benchmark benchmark, Problem problem, PromptEncoder encoder) {
        int[] prompt = encoder.encode(benchmark.prompt(problem));
        if (prompt.length == 0) {
            throw new InputException("the prompt of problem " + problem.id() + " of " + benchmark.name()
                    + " has no tokens; give it a text, or a prompt template with some words");
        }
        return prompt;
    }

    /** The tasks cut into batches; the same for the same configuration, so a broken run can go on at a batch. */
    List<List<Task>> batches(int size) {
        List<List<Task>> batches = new ArrayList<>();
        for (int start = 0; start < tasks.size(); start += size) {
            batches.add(tasks.subList(start, Math.min(tasks.size(), start + size)));
        }
        return batches;
    }

    /** Whether a sample is the outcome of a task. */
    boolean isOf(Task task, SampleRecord sample) {
        return sample.suite().equals(benchmark.name())
                && sample.problem().equals(ids.get(task.index()))
                && sample.sample() == task.sample()
                && sample.seed() == task.seed();
    }
}
