package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.kernel.PackedWeights;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.generate.Completion;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.Generator;
import org.grpo4j.models.generate.Generator.TokenListener;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.metrics.PhaseProgress;
import org.jspecify.annotations.Nullable;

/**
 * Samples completions on all cores, in one of two ways. Weights beyond the caches are what decoding waits for, so rows of
 * a large model are decoded in one plan by a team of threads that reads each weight once. A small model stays in the
 * caches, and there every replica decodes a run of neighbouring requests by itself, without waiting for the others after
 * every op.
 */
public final class Rollouts implements AutoCloseable {
    /** Rows a thread that make the products of a decoding step efficient while caches stay small. */
    static final int DEFAULT_ROWS = 64;

    /** Some times a core's own cache: twice 18 MB are read from the shared one faster than a team waits for itself. */
    private static final long LARGEST_REPLICATED_BYTES = 64L << 20;

    private final Replicas replicas;
    private final @Nullable Team team;
    private final @Nullable PackedWeights packed;
    private final List<Generator> generators = new ArrayList<>();
    private PhaseProgress progress = new PhaseProgress();

    /**
     * Rollouts of a policy that reads the parameters as they are.
     *
     * @param replicas as many threads decode
     * @param rows completions decoded together for each thread at most
     */
    public Rollouts(Policy policy, Replicas replicas, int rows) {
        this(policy.model(), replicas, rows, false);
    }

    /**
     * Rollouts of a model.
     *
     * @param packing whether to decode from copies of the parameters in a faster layout, made anew for every call of
     *     {@link #sample}; ignored where there are none
     */
    Rollouts(DecoderModel model, Replicas replicas, int rows, boolean packing) {
        this(model, replicas, rows, packing, model.parameterCount() * Float.BYTES > LARGEST_REPLICATED_BYTES);
    }

    /** @param large whether a team decodes together */
    Rollouts(DecoderModel model, Replicas replicas, int rows, boolean packing, boolean large) {
        this.replicas = replicas;
        this.team = large ? new Team(replicas.count()) : null;
        this.packed = packing && PackedWeights.isAvailable() ? new PackedWeights() : null;
        int threadsOfOne = large ? replicas.count() : 1;
        for (int i = 0; i < replicas.count(); i += threadsOfOne) {
            generators.add(new Generator(model, rows * threadsOfOne, team, packed));
        }
    }

    /** From now on the completions of every call of {@link #sample} are counted here. */
    void watch(PhaseProgress phases) {
        progress = phases;
    }

    /** Sizes of the plans of every generator, which grow with what is asked of them. */
    List<Generator.Sizes> sizes() {
        return generators.stream().map(Generator::sizes).toList();
    }

    /** Takes the sizes of a run that goes on; with another number of generators, bits will differ whatever they are. */
    void resize(List<Generator.Sizes> sizes) {
        for (int i = 0; i < Math.min(sizes.size(), generators.size()); i++) {
            generators.get(i).resize(sizes.get(i));
        }
    }

    /** Completes all requests, in order. Equal prompts should be neighbours. */
    public List<Completion> sample(List<CompletionRequest> requests, SamplingConfig sampling) {
        if (packed != null) {
            packed.refresh(replicas);
        }
        progress.expect(requests.size());
        TokenListener counter = TokenListener.ofCompletions(request -> progress.advance());
        if (generators.size() == 1) {
            return generators.get(0).generate(requests, sampling, counter);
        }
        int[] bounds = bounds(requests);
        Completion[] completions = new Completion[requests.size()];
        replicas.run(replicas.count(), (replica, part) -> {
            List<CompletionRequest> share = requests.subList(bounds[part], bounds[part + 1]);
            List<Completion> done = generators.get(replica).generate(share, sampling, counter);
            for (int i = 0; i < done.size(); i++) {
                completions[bounds[part] + i] = done.get(i);
            }
        });
        return Arrays.asList(completions);
    }

    /** Even parts, moved forward to where the prompt changes, so that a group shares its prefill, if that is near. */
    private int[] bounds(List<CompletionRequest> requests) {
        int parts = replicas.count();
        int farthest = requests.size() / parts / 8;
        int[] bounds = new int[parts + 1];
        for (int part = 1; part <= parts; part++) {
            int even = (int) ((long) requests.size() * part / parts);
            int at = even;
            while (at < requests.size() && at - even < farthest && samePrompt(requests, at)) {
                at++;
            }
            boolean inGroup = at > 0 && at < requests.size() && samePrompt(requests, at);
            bounds[part] = inGroup ? even : at;
        }
        return bounds;
    }

    private static boolean samePrompt(List<CompletionRequest> requests, int i) {
        return i > 0
                && Arrays.equals(requests.get(i).prompt(), requests.get(i - 1).prompt());
    }

    @Override
    public void close() {
        generators.forEach(Generator::close);
        if (team != null) {
            team.close();
        }
        if (packed != null) {
            packed.close();
        }
    }
}
