package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.benchmark.Benchmark;
import org.grpo4j.datasets.verify.Verification;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.Rollouts;

/** Samples and scores the tasks of one suite, a batch at a time. */
final class BatchSampler {

    private final Policy policy;
    private final Rollouts rollouts;
    private final SamplingConfig sampling;
    private final SuitePlan plan;

    BatchSampler(Policy policy, Rollouts rollouts, SamplingConfig sampling, SuitePlan plan) {
        this.policy = policy;
        this.rollouts = rollouts;
        this.sampling = sampling;
        this.plan = plan;
    }

    /** The outcomes of tasks, in their order. A prompt that leaves no room for a token is not asked. */
    List<SampleRecord> sample(List<SuitePlan.Task> batch) {
        List<CompletionRequest> requests = batch.stream()
                .filter(this::fits)
                .map(task -> new CompletionRequest(task.prompt(), task.seed()))
                .toList();
        Iterator<Completion> completions = rollouts.sample(requests, sampling).iterator();
        List<SampleRecord> samples = new ArrayList<>(batch.size());
        for (SuitePlan.Task task : batch) {
            samples.add(fits(task) ? scored(task, completions.next()) : tooLong(task));
        }
        return samples;
    }

    private boolean fits(SuitePlan.Task task) {
        return task.prompt().length < policy.config().maxPositionEmbeddings();
    }

    private SampleRecord scored(SuitePlan.Task task, Completion completion) {
        Benchmark benchmark = plan.benchmark();
        Problem problem = plan.problems().get(task.index());
        String text = policy.tokenizer().decode(completion.tokens(), true);
        Verification outcome = benchmark.score(problem, text);
        return new SampleRecord(
                benchmark.name(),
                plan.ids().get(task.index()),
                task.sample(),
                task.seed(),
                text,
                Verifier.extract(text),
                outcome.correct(),
                outcome.reason().toString(),
                outcome.goldParsed(),
                benchmark.isFormatted(text),
                completion.tokens().length,
                completion.finished());
    }

    private SampleRecord tooLong(SuitePlan.Task task) {
        String suite = plan.benchmark().name();
        String problem = plan.ids().get(task.index());
        return new SampleRecord(
                suite,
                problem,
                task.sample(),
                task.seed(),
                "",
                null,
                false,
                SampleRecord.PROMPT_TOO_LONG,
                null,
                false,
                0,
                false);
    }
}
