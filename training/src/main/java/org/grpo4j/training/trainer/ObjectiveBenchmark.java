package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.training.objective.ObjectiveConfig;

/**
 * What objectives cost in a training step: the gradients of the same rollouts under each of them, by the plans that train.
 * No optimiser, no sampling; both would only make the objectives look more alike. The rollouts are random tokens, each
 * with the log-probability of an even distribution, which is near what a policy with fresh weights gives them.
 */
public final class ObjectiveBenchmark implements AutoCloseable {
    /** Steps before the clock starts: plans are compiled and the JIT has seen every path. */
    private static final int WARM_UP = 5;

    private final Replicas replicas;
    private final List<PolicyUpdate> updates = new ArrayList<>();
    private final List<PolicyUpdate.Batch> batches = new ArrayList<>();

    /**
     * A benchmark of a model under several objectives.
     *
     * @param objectives the first is what the others are compared with
     * @param batch completions of a step, spread over the replicas
     * @param length tokens of a sequence, the first of which is its prompt
     * @param replicas plans side by side; 0 for one a core
     */
    public ObjectiveBenchmark(
            DecoderModel model, List<ObjectiveConfig> objectives, int batch, int length, int replicas) {
        if (batch < 1 || length < 2) {
            throw new IllegalArgumentException(
                    "batch is " + batch + " and length " + length + " but they must be at least 1 and 2");
        }
        this.replicas = new Replicas(replicas);
        Random random = new Random(0);
        List<TokenExample> examples = new ArrayList<>();
        List<float[]> logProbs = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            int[] ids = random.ints(length, 0, model.config().vocabularySize()).toArray();
            examples.add(new TokenExample(Arrays.copyOf(ids, 1), Arrays.copyOfRange(ids, 1, length)));
            float[] even = new float[length - 1];
            Arrays.fill(even, (float) -Math.log(model.config().vocabularySize()));
            logProbs.add(even);
        }
        double[] advantages = random.doubles(batch, -1, 1).toArray();
        MicroBatching batching = new MicroBatching(batch * length, false);
        for (ObjectiveConfig objective : objectives) {
            PolicyUpdate update = new PolicyUpdate(Trainable.of(model), null, this.replicas, objective, 1, batching);
            updates.add(update);
            batches.add(update.prepare(examples, logProbs, advantages));
        }
    }

    /** Replicas that work side by side. */
    public int replicas() {
        return replicas.count();
    }

    /**
     * What was measured.
     *
     * @param seconds median seconds of a step under the first objective
     * @param ratios for each objective the median, over the rounds, of its step's time to that of the first
     */
    public record Result(double seconds, List<Double> ratios) {}

    /** Measures rounds of one step under each objective; every other round in reverse, so that none is always first. */
    public Result run(int rounds) {
        for (int i = 0; i < WARM_UP; i++) {
            batches.forEach(batch -> batch.run(0));
        }
        int count = batches.size();
        double[][] seconds = new double[count][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < count; turn++) {
                int objective = round % 2 == 0 ? turn : count - 1 - turn;
                long start = System.nanoTime();
                batches.get(objective).run(0);
                seconds[objective][round] = (System.nanoTime() - start) / 1e9;
            }
        }
        List<Double> ratios = new ArrayList<>();
        for (double[] ofObjective : seconds) {
            double[] paired = new double[rounds];
            Arrays.setAll(paired, round -> ofObjective[round] / seconds[0][round]);
            ratios.add(Median.of(paired));
        }
        return new Result(Median.of(seconds[0]), ratios);
    }

    @Override
    public void close() {
        updates.forEach(PolicyUpdate::close);
        replicas.close();
    }
}
