package org.grpo4j.training.trainer;

import java.util.List;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.models.generate.SamplingConfig;

/**
 * Samples completions on all cores. All rows are decoded in one plan by a team of threads, unlike training, where every
 * replica has a plan of its own: a decoding step reads every weight for few rows, and so each is read once.
 */
public final class Rollouts implements AutoCloseable {
    /** Rows a thread that make the products of a decoding step efficient while caches stay small. */
    static final int DEFAULT_ROWS = 64;

    private final Team team;
    private final Generator generator;

    /**
     * Rollouts of a policy.
     *
     * @param replicas as many threads decode; they do so while the replicas themselves have nothing to do
     * @param rows completions decoded together for each thread at most
     */
    public Rollouts(Policy policy, Replicas replicas, int rows) {
        this.team = new Team(replicas.count());
        this.generator = new Generator(policy.config(), policy.parameters(), rows * team.size(), team);
    }

    /** Completes all requests, in order. Equal prompts should be neighbours. */
    public List<Completion> sample(List<CompletionRequest> requests, SamplingConfig sampling) {
        return generator.generate(requests, sampling);
    }

    @Override
    public void close() {
        generator.close();
        team.close();
    }
}
