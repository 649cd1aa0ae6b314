package org.grpo4j.training.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.datasets.benchmark.Benchmark;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Rollouts;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a policy on suites and leaves a folder: {@code evaluation.json} says what is evaluated and how,
 * {@code samples.jsonl} grows by a batch at a time, {@code summary.json} holds the results at the end. A run that was
 * broken off goes on after its last whole batch and leaves the same files, byte for byte, as if it had not been.
 */
public final class EvaluationRun {

    private final Policy policy;
    private final EvaluationConfig config;
    private final SamplingConfig sampling;
    private final List<SuitePlan> plans;
    private final EvaluationSettings settings;
    private final Path output;

    /** Hears how far an evaluation is. */
    @FunctionalInterface
    public interface Listener {

        /**
         * A batch is written, or was there already.
         *
         * @param suite name of the present suite
         * @param done completions of all suites that are there
         * @param total completions of all suites
         */
        void onBatch(String suite, int done, int total);
    }

    /**
     * Prepares an evaluation: loads all problems and encodes all prompts. Writes nothing.
     *
     * @param model folder the policy was loaded from
     * @param output folder of the results; may hold a part of the same evaluation
     * @throws InputException if a suite cannot be loaded, or the folder holds another evaluation
     */
    public EvaluationRun(
            Policy policy,
            Path model,
            PromptEncoder encoder,
            List<Benchmark> suites,
            EvaluationConfig config,
            Path output)
            throws IOException {
        this.policy = policy;
        this.config = config;
        this.sampling = new SamplingConfig(
                config.temperature(), 0, config.topP(), config.maxNewTokens(), policy.stopIds(List.of()));
        this.plans = suites.stream()
                .map(suite -> SuitePlan.of(suite, config, encoder))
                .toList();
        this.settings = EvaluationSettings.of(model, plans, config);
        this.output = output;
        settings.requireSameIn(output);
    }

    /** Samples what is not there yet, and sums up. */
    public EvaluationResult run(Replicas replicas, Listener listener) throws IOException {
        Files.createDirectories(output);
        settings.write(output);
        Results results = new Results();
        Path file = output.resolve(SampleLog.FILE);
        Kept kept = Files.exists(file) ? keep(file, results, listener) : new Kept(0, 0, 0);
        try (SampleLog log = SampleLog.open(file, kept.bytes())) {
            for (int suite = kept.suite(); suite < plans.size(); suite++) {
                int firstBatch = suite == kept.suite() ? kept.batch() : 0;
                sample(suite, firstBatch, replicas, log, results, listener);
            }
        }
        EvaluationResult result = results.sumUp();
        result.write(output);
        return result;
    }

    /** A fresh sampler for each suite, so that what a batch runs on does not depend on where the run began. */
    private void sample(int suite, int firstBatch, Replicas replicas, SampleLog log, Results results, Listener listener)
            throws IOException {
        SuitePlan plan = plans.get(suite);
        List<List<SuitePlan.Task>> batches = plan.batches(config.batchSize());
        int rows = (config.batchSize() + replicas.count() - 1) / replicas.count();
        try (Rollouts rollouts = new Rollouts(policy, replicas, rows)) {
            BatchSampler sampler = new BatchSampler(policy, rollouts, sampling, plan);
            for (List<SuitePlan.Task> batch : batches.subList(firstBatch, batches.size())) {
                List<SampleRecord> samples = sampler.sample(batch);
                log.add(samples);
                results.add(suite, batch, samples);
                listener.onBatch(plan.benchmark().name(), results.done, results.total());
            }
        }
    }

    /** Where a broken run goes on: the suite, the batch in it, and the bytes of the file before it. */
    private record Kept(int suite, int batch, long bytes) {}

    private Kept keep(Path file, Results results, Listener listener) throws IOException {
        long bytes = 0;
        try (SampleLog.Reader reader = new SampleLog.Reader(file)) {
            for (int suite = 0; suite < plans.size(); suite++) {
                SuitePlan plan = plans.get(suite);
                List<List<SuitePlan.Task>> batches = plan.batches(config.batchSize());
                for (int batch = 0; batch < batches.size(); batch++) {
                    List<SampleRecord> samples = read(reader, plan, batches.get(batch), file);
                    if (samples == null) {
                        return new Kept(suite, batch, bytes);
                    }
                    bytes = reader.position();
                    results.add(suite, batches.get(batch), samples);
                    listener.onBatch(plan.benchmark().name(), results.done, results.total());
                }
            }
        }
        return new Kept(plans.size(), 0, bytes);
    }

    /** The samples of a batch, or null if they are not all there. */
    private static @Nullable List<SampleRecord> read(
            SampleLog.Reader reader, SuitePlan plan, List<SuitePlan.Task> batch, Path file) throws IOException {
        List<SampleRecord> samples = new ArrayList<>();
        for (SuitePlan.Task task : batch) {
            SampleRecord sample = reader.next();
            if (sample == null) {
                return null;
            }
            if (!plan.isOf(task, sample)) {
                throw new InputException(file + " holds a sample of problem " + sample.problem() + " of "
                        + sample.suite() + " where this evaluation has another; give another --output");
            }
            samples.add(sample);
        }
        return samples;
    }

    /** The samples so far, by suite, problem and number; texts are dropped but for a few examples. */
    private final class Results {
        private final SampleRecord[][][] samples = plans.stream()
                .map(plan -> new SampleRecord[plan.problems().size()][config.samples()])
                .toArray(SampleRecord[][][]::new);
        private final Examples examples = new Examples();
        private int done;

        int total() {
            return plans.stream().mapToInt(plan -> plan.tasks().size()).sum();
        }

        void add(int suite, List<SuitePlan.Task> batch, List<SampleRecord> outcomes) {
            for (int i = 0; i < batch.size(); i++) {
                SuitePlan.Task task = batch.get(i);
                examples.see(plans.get(suite).problems().get(task.index()), outcomes.get(i));
                samples[suite][task.index()][task.sample()] = outcomes.get(i).withoutText();
            }
            done += batch.size();
        }

        EvaluationResult sumUp() {
            List<SuiteStatistics> statistics = new ArrayList<>();
            for (int suite = 0; suite < plans.size(); suite++) {
                SuitePlan plan = plans.get(suite);
                List<ProblemSamples> problems = new ArrayList<>();
                for (int i = 0; i < plan.problems().size(); i++) {
                    problems.add(new ProblemSamples(
                            plan.ids().get(i),
                            plan.benchmark().groups(plan.problems().get(i)),
                            List.of(samples[suite][i])));
                }
                statistics.add(SuiteStatistics.of(
                        plan.benchmark().name(), problems, AnswerEquivalence.VERIFIED, Bootstrap.DEFAULT));
            }
            return EvaluationResult.of(settings, statistics, examples.all(), Bootstrap.DEFAULT);
        }
    }
}
