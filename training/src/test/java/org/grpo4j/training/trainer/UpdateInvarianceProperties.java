package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.objective.ObjectiveConfig;

/** Law P22 where it counts: the whole update of a policy, in FLOAT, in micro-batches of any size on several replicas. */
class UpdateInvarianceProperties {

    private static Policy policy;

    @BeforeContainer
    static void makePolicy() {
        policy = TinyRun.policy("{layers: 1, width: 16, heads: 2, kv_heads: 1, feed_forward: 24, init_std: 0.3}");
    }

    @AfterContainer
    static void closePolicy() {
        policy.close();
    }

    /** A completion with its prompt and advantage; the policy that sampled it gave every token the same probability. */
    record Sampled(List<Integer> prompt, List<Integer> completion, double advantage) {
        @Override
        public String toString() {
            return prompt + " -> " + completion + " advantage " + advantage;
        }
    }

    record Sample(List<Sampled> completions) {
        @Override
        public String toString() {
            return completions.stream().map(Sampled::toString).collect(Collectors.joining("\n", "\n", ""));
        }
    }

    @Provide
    Arbitrary<Sample> samples() {
        Arbitrary<Integer> tokens = Arbitraries.integers().between(0, 19);
        return Combinators.combine(
                        tokens.list().ofMinSize(1).ofMaxSize(6),
                        tokens.list().ofMinSize(1).ofMaxSize(20),
                        Arbitraries.integers().between(-10, 10).map(tenths -> tenths / 10.0))
                .as(Sampled::new)
                .list()
                .ofMinSize(2)
                .ofMaxSize(9)
                .map(Sample::new);
    }

    @Provide
    Arbitrary<ObjectiveConfig> objectives() {
        return Arbitraries.of(
                        Map.of("trace", "none"),
                        Map.of("trace", "e-trace", "style", "both"),
                        Map.of("trace", "e-trace", "trace_normalisation", "row", "aggregation", "token-mean"),
                        Map.of("trace", "e-weight", "surrogate", "cispo"),
                        Map.of("ratio_level", "sequence", "aggregation", "constant", "max_length", 20))
                .map(ObjectiveConfig.grpo()::with);
    }

    @Property(tries = 12)
    void p22MicroBatchesAndReplicasGiveTheSameLossAndGradient(
            @ForAll("samples") Sample sample,
            @ForAll("objectives") ObjectiveConfig objective,
            @ForAll @IntRange(min = 16, max = 120) int maxTokens,
            @ForAll @IntRange(min = 1, max = 3) int replicas) {
        double[] advantages =
                sample.completions.stream().mapToDouble(Sampled::advantage).toArray();
        try (Replicas one = new Replicas(1);
                Replicas many = new Replicas(replicas);
                PolicyUpdate whole = update(objective, 10_000, one);
                PolicyUpdate split = update(objective, maxTokens, many)) {
            double loss = run(whole, sample, advantages);
            assertThat(run(split, sample, advantages)).isCloseTo(loss, within(1e-6 * (1 + Math.abs(loss))));
            ParameterStore gradients = split.engine().gradients();
            for (String name : gradients.names()) {
                gradients.get(name).subi(whole.engine().gradients().get(name));
            }
            double difference = GradientClip.globalNorm(gradients);
            // Gradients of completions cancel, so the rounding of a sum is that of what is added up.
            double size = 1;
            for (int i = 0; i < advantages.length; i++) {
                double[] only = new double[advantages.length];
                only[i] = advantages[i];
                run(whole, sample, only);
                size += GradientClip.globalNorm(whole.engine().gradients());
            }
            assertThat(difference).isLessThanOrEqualTo(1e-6 * size);
        }
    }

    private static PolicyUpdate update(ObjectiveConfig objective, int maxTokens, Replicas replicas) {
        return new PolicyUpdate(
                Trainable.of(policy.model()), null, replicas, objective, 1, new MicroBatching(maxTokens, false));
    }

    /** Leaves the gradients in the engine and returns the loss. */
    private static double run(PolicyUpdate update, Sample sample, double[] advantages) {
        List<TokenExample> examples = new ArrayList<>();
        List<float[]> old = new ArrayList<>();
        for (Sampled s : sample.completions) {
            examples.add(new TokenExample(ints(s.prompt), ints(s.completion)));
            float[] logProbs = new float[s.completion.size()];
            Arrays.fill(logProbs, (float) -Math.log(20));
            old.add(logProbs);
        }
        return update.prepare(examples, old, advantages).run(0).loss();
    }

    private static int[] ints(List<Integer> values) {
        return values.stream().mapToInt(Integer::intValue).toArray();
    }
}
