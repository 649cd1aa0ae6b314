package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.models.generate.SamplingConfig;

/** Samples completions on all replicas at once. Each replica takes a run of neighbouring requests. */
public final class Rollouts implements AutoCloseable {
    /** Rows that make the products of a decoding step efficient while caches stay small. */
    static final int DEFAULT_ROWS = 64;

    private final Replicas replicas;
    private final List<Generator> generators = new ArrayList<>();

    /**
     * Rollouts of a policy.
     *
     * @param rows completions decoded together on each replica at most
     */
    public Rollouts(Policy policy, Replicas replicas, int rows) {
        this.replicas = replicas;
        for (int i = 0; i < replicas.count(); i++) {
            generators.add(new Generator(policy.config(), policy.parameters(), rows));
        }
    }

    /** Completes all requests, in order. Equal prompts should be neighbours. */
    public List<Completion> sample(List<CompletionRequest> requests, SamplingConfig sampling) {
        int[] bounds = bounds(requests);
        Completion[] completions = new Completion[requests.size()];
        replicas.run(replicas.count(), (replica, part) -> {
            List<CompletionRequest> share = requests.subList(bounds[part], bounds[part + 1]);
            List<Completion> done = generators.get(replica).generate(share, sampling);
            for (int i = 0; i < done.size(); i++) {
                completions[bounds[part] + i] = done.get(i);
            }
        });
        return Arrays.asList(completions);
    }

    /** Even parts, moved forward to where the prompt changes so that a group shares its prefill. */
    private int[] bounds(List<CompletionRequest> requests) {
        int parts = replicas.count();
        int[] bounds = new int[parts + 1];
        for (int part = 1; part <= parts; part++) {
            int at = Math.max(bounds[part - 1], (int) ((long) requests.size() * part / parts));
            while (at > 0 && at < requests.size() && samePrompt(requests, at)) {
                at++;
            }
            bounds[part] = at;
        }
        return bounds;
    }

    private static boolean samePrompt(List<CompletionRequest> requests, int i) {
        return Arrays.equals(requests.get(i).prompt(), requests.get(i - 1).prompt());
    }

    @Override
    public void close() {
        generators.forEach(Generator::close);
    }
}
