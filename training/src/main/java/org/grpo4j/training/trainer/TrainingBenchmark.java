package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.training.trainer.MicroBatch.Shape;

/**
 * How long the gradients of one training step take: forward and backward of a weighted log-likelihood over random tokens,
 * by the plans that train, summed over the replicas. No optimiser, no sampling.
 */
public final class TrainingBenchmark implements AutoCloseable {
    private final DecoderConfig config;
    private final Replicas replicas;
    private final SupervisedUpdate update;
    private final List<TokenExample> examples = new ArrayList<>();
    private final List<MicroBatch> batches = new ArrayList<>();
    private final int length;

    /**
     * A benchmark of a model.
     *
     * @param batch sequences of a step, spread over the replicas
     * @param length tokens of a sequence; every position predicts one
     * @param replicas plans side by side; 0 for one a core
     * @param activationCheckpointing whether layers are computed again for the backward pass instead of kept
     */
    public TrainingBenchmark(DecoderModel model, int batch, int length, int replicas, boolean activationCheckpointing) {
        if (batch < 1 || length < 2) {
            throw new IllegalArgumentException(
                    "batch is " + batch + " and length " + length + " but they must be at least 1 and 2");
        }
        this.config = model.config();
        this.length = length;
        this.replicas = new Replicas(replicas);
        this.update = new SupervisedUpdate(
                Trainable.of(model), this.replicas, new MicroBatching(batch * length, activationCheckpointing));
        SplittableRandom random = new SplittableRandom(0);
        for (int i = 0; i < batch; i++) {
            int[] ids = random.ints(length, 0, config.vocabularySize()).toArray();
            examples.add(new TokenExample(Arrays.copyOf(ids, 1), Arrays.copyOfRange(ids, 1, length)));
        }
        // The shape is what is asked for, not the next bucket, so that no padding is timed. The last position of a row
        // has no next token; it is computed all the same, as one column of padding.
        int rows = (batch + this.replicas.count() - 1) / this.replicas.count();
        for (int first = 0; first < batch; first += rows) {
            int[] rowsOfBatch =
                    IntStream.range(first, Math.min(first + rows, batch)).toArray();
            batches.add(new MicroBatch(new Shape(rows, length, length), rowsOfBatch));
        }
    }

    /** Replicas that work side by side. */
    public int replicas() {
        return replicas.count();
    }

    /** Tokens of a step. */
    public long tokens() {
        return (long) examples.size() * length;
    }

    /**
     * Model FLOPs of a step, {@code 3 · tokens · (2 · (parameters − embedding table) + 4 · length · width · layers)}:
     * what the mathematics needs, whatever the program computes beside it. A table that is also the head is multiplied
     * like every other matrix and is not taken off.
     */
    public double flops(long parameterCount) {
        double lookedUp = config.tiedEmbeddings() ? 0 : (double) config.vocabularySize() * config.width();
        double perToken = 2 * (parameterCount - lookedUp) + 4.0 * length * config.width() * config.layers();
        return 3.0 * tokens() * perToken;
    }

    /** Median seconds of a step. */
    public double seconds(int repeats) {
        WarmUp.by(() -> update.run(examples, batches, 0));
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            long start = System.nanoTime();
            update.run(examples, batches, 0);
            seconds[i] = (System.nanoTime() - start) / 1e9;
        }
        return Median.of(seconds);
    }

    @Override
    public void close() {
        update.close();
        replicas.close();
    }
}
