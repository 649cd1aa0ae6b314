package org.grpo4j.training.trainer;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.trainer.GradientEngine.MicroBatchHandler;
import org.grpo4j.training.trainer.GradientSpec.Loss;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/** Gradients of the mean negative log-likelihood of demonstrations, over all completion tokens of a batch. */
final class SupervisedUpdate implements AutoCloseable {
    private static final String WEIGHTS = "token_weights";

    private final GradientEngine engine;
    private final Replicas replicas;
    private final MicroBatching batching;

    SupervisedUpdate(Trainable trainable, Replicas replicas, MicroBatching batching) {
        this.replicas = replicas;
        this.batching = batching;
        this.engine = new GradientEngine(spec(trainable, batching), replicas);
    }

    /** The gradients that this class computes. */
    static GradientSpec spec(Trainable trainable, MicroBatching batching) {
        return new GradientSpec(trainable, 1, false, batching.activationCheckpointing(), SupervisedUpdate::loss);
    }

    private static Loss loss(SameDiff graph, PolicyGraph policy) {
        int rows = policy.shape().rows();
        SDVariable weights =
                graph.placeHolder(WEIGHTS, DataType.FLOAT, rows, policy.shape().completionTime());
        return new Loss(graph.math().neg(policy.logProbs().mul(weights).sum()), List.of(), Map.of());
    }

    GradientEngine engine() {
        return engine;
    }

    /**
     * Leaves the gradients in the engine and returns the loss, nats a token.
     *
     * @param noise seed of dropout
     */
    double run(List<TokenExample> examples, long noise) {
        return run(examples, MicroBatch.split(examples, batching.maxTokens(), replicas.count()), noise);
    }

    /** The same with micro-batches of the caller's. */
    double run(List<TokenExample> examples, List<MicroBatch> batches, long noise) {
        long tokens = examples.stream().mapToLong(e -> e.completion().length).sum();
        double[] losses = new double[batches.size()];
        engine.run(examples, batches, noise, new MicroBatchHandler() {
            @Override
            public void fill(Plan plan, int index, MicroBatch batch) {
                Grid.write(plan.input(WEIGHTS), weights(batch, examples, 1.0 / tokens));
            }

            @Override
            public void read(Plan plan, int index, MicroBatch batch, double loss) {
                losses[index] = loss;
            }
        });
        double loss = 0;
        for (double part : losses) {
            loss += part;
        }
        return loss;
    }

    private static float[] weights(MicroBatch batch, List<TokenExample> examples, double weight) {
        int time = batch.shape().completionTime();
        float[] weights = new float[batch.shape().rows() * time];
        for (int row = 0; row < batch.examples().length; row++) {
            int length = examples.get(batch.examples()[row]).completion().length;
            Arrays.fill(weights, row * time, row * time + length, (float) weight);
        }
        return weights;
    }

    @Override
    public void close() {
        engine.close();
    }
}
