package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.decoder.SequenceScorer;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

class PolicyUpdateTest {
    /**
     * On-policy the objective's gradient is that of Σ A_i / (N T_i) log π: a plain weighted likelihood, computed here by
     * a graph without any objective.
     */
    @Test
    void theOnPolicyGradientIsThatOfWeightedLogLikelihood() {
        Random random = new Random(3);
        try (Policy policy = TinyRun.policy(
                        "{layers: 2, width: 32, heads: 4, kv_heads: 2, feed_forward: 48, init_std: 0.3}");
                Replicas replicas = new Replicas(2)) {
            List<TokenExample> examples = new ArrayList<>();
            List<float[]> old = new ArrayList<>();
            double[] advantages = new double[13];
            try (SequenceScorer scorer = new SequenceScorer(policy.model())) {
                for (int i = 0; i < advantages.length; i++) {
                    advantages[i] = random.nextGaussian();
                    int[] prompt = random.ints(1 + random.nextInt(9), 0, 20).toArray();
                    int[] completion =
                            random.ints(1 + random.nextInt(25), 0, 20).toArray();
                    examples.add(new TokenExample(prompt, completion));
                    int[] whole = IntStream.concat(Arrays.stream(prompt), Arrays.stream(completion))
                            .toArray();
                    double[] scores =
                            scorer.score(whole, SequenceScorer.Logits.NONE).logProbs();
                    float[] logProbs = new float[completion.length];
                    for (int t = 0; t < completion.length; t++) {
                        logProbs[t] = (float) scores[prompt.length + t];
                    }
                    old.add(logProbs);
                }
            }
            try (PolicyUpdate update = new PolicyUpdate(
                            Trainable.of(policy.model()),
                            null,
                            replicas,
                            ObjectiveConfig.grpo(),
                            1,
                            new MicroBatching(256, true));
                    GradientEngine plain = new GradientEngine(weighted(policy), replicas)) {
                PolicyUpdate.Pass pass =
                        update.prepare(examples, old, advantages).run(0);
                assertThat(pass.logProbGap()).isLessThan(1e-5);
                plain.run(examples, MicroBatch.split(examples, 256, 2), 0, new GradientEngine.MicroBatchHandler() {
                    @Override
                    public void fill(Plan plan, int index, MicroBatch batch) {
                        int time = batch.shape().completionTime();
                        float[] w = new float[batch.shape().rows() * time];
                        for (int row = 0; row < batch.examples().length; row++) {
                            int e = batch.examples()[row];
                            int n = examples.get(e).completion().length;
                            Arrays.fill(
                                    w, row * time, row * time + n, (float) (advantages[e] / (advantages.length * n)));
                        }
                        Grid.write(plan.input("w"), w);
                    }

                    @Override
                    public void read(Plan plan, int index, MicroBatch batch, double loss) {}
                });
                ParameterStore difference = update.engine().gradients().copy();
                for (String name : difference.names()) {
                    difference.get(name).subi(plain.gradients().get(name));
                }
                double norm = GradientClip.globalNorm(plain.gradients());
                assertThat(GradientClip.globalNorm(difference)).isLessThan(1e-4 * norm);
                difference.close();
            }
        }
    }

    /** The log-likelihood with a weight of its own for every token. */
    private static GradientSpec weighted(Policy policy) {
        return new GradientSpec(Trainable.of(policy.model()), null, 1, false, false, (graph, p) -> {
            SDVariable w = graph.placeHolder(
                    "w", DataType.FLOAT, p.shape().rows(), p.shape().completionTime());
            return new GradientSpec.Loss(graph.math().neg(p.logProbs().mul(w).sum()), List.of(), Map.of());
        });
    }
}
