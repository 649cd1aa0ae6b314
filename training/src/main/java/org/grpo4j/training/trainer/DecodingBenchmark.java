package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.generate.CompletionRequest;
import org.grpo4j.models.generate.SamplingConfig;

/**
 * How long it takes to sample a group of completions of one random prompt, prefill included, as a training step does:
 * temperature 1, log-probabilities recorded, no completion stops early.
 */
public final class DecodingBenchmark implements AutoCloseable {
    private final DecoderConfig config;
    private final int rows;
    private final int newTokens;
    private final int promptLength;
    private final Replicas replicas;
    private final Rollouts rollouts;
    private final List<CompletionRequest> requests = new ArrayList<>();

    /**
     * A benchmark of a model.
     *
     * @param rows completions sampled together
     * @param newTokens tokens of a completion
     * @param promptLength tokens of the prompt
     * @param threads that share the work; 0 for one a core
     * @param packing whether to decode from copies of the parameters in a faster layout
     */
    public DecodingBenchmark(
            DecoderModel model, int rows, int newTokens, int promptLength, int threads, boolean packing) {
        if (rows < 1 || newTokens < 1 || promptLength < 1) {
            throw new IllegalArgumentException("rows is " + rows + ", new tokens " + newTokens + " and prompt length "
                    + promptLength + " but all must be at least 1");
        }
        this.config = model.config();
        this.rows = rows;
        this.newTokens = newTokens;
        this.promptLength = promptLength;
        this.replicas = new Replicas(threads);
        int rowsPerThread = (rows + replicas.count() - 1) / replicas.count();
        this.rollouts = new Rollouts(model, replicas, rowsPerThread, packing);
        int[] prompt = new SplittableRandom(0)
                .ints(promptLength, 0, config.vocabularySize())
                .toArray();
        for (int row = 0; row < rows; row++) {
            requests.add(new CompletionRequest(prompt, row));
        }
    }

    /** Threads that share the work. */
    public int threads() {
        return replicas.count();
    }

    /** New tokens of all completions together. */
    public long tokens() {
        return (long) rows * newTokens;
    }

    /**
     * Parameters that take part in products, each read once a step: all but an embedding table that is not also the
     * head.
     */
    public long multiplied(long parameterCount) {
        return config.tiedEmbeddings()
                ? parameterCount
                : parameterCount - (long) config.vocabularySize() * config.width();
    }

    /**
     * Model FLOPs of a new token, {@code 2 · multiplied + 4 · context · width · layers} at the mean context of a
     * completion: what the mathematics needs, whatever the program computes beside it.
     */
    public double flopsPerToken(long parameterCount) {
        double context = promptLength + newTokens / 2.0;
        return 2.0 * multiplied(parameterCount) + 4 * context * config.width() * config.layers();
    }

    /**
     * Tokens a second of a machine that only reads the weights, at the rate it copies memory, and computes the products,
     * at the rate of large ones, both at the same time.
     *
     * @param copyRate bytes/s
     * @param sgemmRate FLOP/s
     */
    public double boundTokensPerSecond(long parameterCount, double copyRate, double sgemmRate) {
        double reading = (double) multiplied(parameterCount) * Float.BYTES / copyRate;
        double computing = rows * flopsPerToken(parameterCount) / sgemmRate;
        return rows / Math.max(reading, computing);
    }

    /** Median seconds for all completions, after rounds that are not timed. */
    public double seconds(int repeats) {
        SamplingConfig sampling = SamplingConfig.onPolicy(newTokens, Set.of());
        WarmUp.by(() -> rollouts.sample(requests, sampling));
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            long start = System.nanoTime();
            rollouts.sample(requests, sampling);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return Median.of(seconds);
    }

    @Override
    public void close() {
        rollouts.close();
        replicas.close();
    }
}
