package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.decoder.SequenceGraph;
import org.grpo4j.models.decoder.SequenceShape;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.lora.LoraConfig;
import org.grpo4j.models.weights.RandomWeights;
import org.grpo4j.training.config.CriticSection;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A whole step of PPO by its equations, in plain Java on the hidden states of single sequences: values, advantages, returns,
 * the loss of the second pass, and its derivatives in the parameters of body and head by finite differences.
 */
class CriticGradientTest {
    private static final int VOCABULARY = 20;
    private static final double TEMPERATURE = 0.7;
    private static final DecoderConfig CONFIG = DecoderConfig.builder(ModelFamily.LLAMA)
            .vocabularySize(VOCABULARY)
            .width(16)
            .feedForward(24)
            .layers(2)
            .heads(4)
            .kvHeads(2)
            .headDim(4)
            .maxPositionEmbeddings(64)
            .tiedEmbeddings(true)
            .eosTokenIds(List.of(1))
            .bosTokenId(0)
            .otherKeys(Map.of("initializer_range", 0.4))
            .build();

    private final List<TokenExample> examples = new ArrayList<>();
    private final List<float[]> sampled = new ArrayList<>();
    private final double[] rewards = {1, 0, 0.5, 1, 0, -0.5, 1};
    private final Random random = new Random(11);

    /** What the policy says of one completion. */
    private record Said(double[] logProbs, double[] values) {}

    @ParameterizedTest(name = "{0}, {1}, value clip {2}, detached {3}, lora {4}")
    @CsvSource({
        "token-mean,    false, 0.2, false, false",
        "sequence-mean, true,  0.2, false, false",
        "token-mean,    true,     , false, false",
        "token-mean,    false, 0.2, true,  false",
        "token-mean,    true,  0.2, false, true",
    })
    void lossAndGradientsAreThoseOfTheEquations(
            String aggregation, boolean checkpointing, @Nullable Double clip, boolean detach, boolean lora) {
        ObjectiveConfig objective = ObjectiveConfig.preset(
                "ppo", Map.of("gamma", 0.97, "lambda", 0.9, "aggregation", aggregation, "negative_clamp", -1.2));
        CriticSection section = new CriticSection(1e-3, 0.7, clip, true, detach);
        try (Exact exact = new Exact(lora);
                ParameterStore weights = RandomWeights.create(CONFIG, 3, DataType.FLOAT);
                LoraAdapter adapter = adapter(DataType.FLOAT);
                ValueHead head = ValueHead.zeros(CONFIG.width(), DataType.FLOAT);
                Replicas replicas = new Replicas(2)) {
            Trainable trainable = Trainable.of(new DecoderModel(CONFIG, weights, lora ? adapter : null));
            move(head.parameters(), 0.3);
            for (int i = 0; i < rewards.length; i++) {
                examples.add(new TokenExample(ids(1 + random.nextInt(6)), ids(1 + random.nextInt(9))));
            }
            exact.copy(weights, adapter, head);
            Said[] old = exact.say();
            for (Said one : old) {
                float[] own = new float[one.logProbs.length];
                for (int t = 0; t < own.length; t++) {
                    own[t] = (float) (one.logProbs[t] + 0.25 * random.nextGaussian());
                }
                sampled.add(own);
            }
            Equations equations = new Equations(objective, section, old);
            try (PolicyUpdate update = new PolicyUpdate(
                    trainable,
                    null,
                    replicas,
                    objective,
                    new Critic(head, section),
                    null,
                    TEMPERATURE,
                    new MicroBatching(48, checkpointing))) {
                PolicyUpdate.Batch batch = update.prepare(examples, sampled, rewards);
                // The policy of the second pass is another one: values have moved, some beyond the clip.
                move(trainable.parameters(), 0.03);
                move(head.parameters(), 0.1);
                exact.copy(weights, adapter, head);
                PolicyUpdate.Pass pass = batch.run(0);

                Equations.Loss loss = equations.loss(exact.say());
                assertThat(pass.loss()).isCloseTo(loss.policy + loss.value, within(1e-5));
                assertThat(pass.further().get("value_loss")).isCloseTo(loss.value, within(1e-5));
                assertThat(loss.clippedTokens).isBetween(3, 30);
                assertThat(loss.heldValues).isBetween(clip == null ? 0 : 2, clip == null ? 0 : 25);
                check(exact.head.parameters(), update.gradients(head), () -> equations.loss(exact.say()).value);
                check(exact.trained(), update.gradients(), () -> {
                    Equations.Loss moved = equations.loss(exact.say());
                    return detach ? moved.policy : moved.policy + moved.value;
                });
                checkCredits(equations, exact.say(), batch.credits());
            }
        }
    }

    private interface Scalar {
        double value();
    }

    /** Three numbers of an array, the one with the largest gradient among them. */
    private void check(ParameterStore parameters, ParameterStore gradients, Scalar loss) {
        assertThat(gradients.names()).isEqualTo(parameters.names());
        gradients.names().forEach(name -> check(name, parameters.get(name), gradients.get(name), loss));
    }

    private void check(String name, INDArray array, INDArray gradient, Scalar loss) {
        double scale = gradient.amaxNumber().doubleValue();
        assertThat(scale).as(name).isGreaterThan(1e-5);
        long largest = 0;
        for (long i = 0; i < array.length(); i++) {
            largest = Math.abs(gradient.getDouble(i)) == scale ? i : largest;
        }
        for (long i : new long[] {largest, random.nextInt((int) array.length())}) {
            double before = array.getDouble(i);
            double step = 1e-5;
            array.putScalar(i, before + step);
            double above = loss.value();
            array.putScalar(i, before - step);
            double below = loss.value();
            array.putScalar(i, before);
            assertThat(gradient.getDouble(i))
                    .as(name + "[" + i + "]")
                    .isCloseTo((above - below) / (2 * step), within(3e-4 * scale));
        }
    }

    private void checkCredits(Equations equations, Said[] said, List<float[]> credits) {
        int tokens = Arrays.stream(said).mapToInt(one -> one.logProbs.length).sum();
        for (int i = 0; i < said.length; i++) {
            for (int t = 0; t < said[i].logProbs.length; t++) {
                double before = said[i].logProbs[t];
                said[i].logProbs[t] = before + 1e-6;
                double above = equations.loss(said).policy;
                said[i].logProbs[t] = before - 1e-6;
                double below = equations.loss(said).policy;
                said[i].logProbs[t] = before;
                assertThat((double) credits.get(i)[t]).isCloseTo(-tokens * (above - below) / 2e-6, within(1e-3));
            }
        }
    }

    /** PPO as its papers write it, over what a policy says. */
    private final class Equations {
        private final ObjectiveConfig objective;
        private final CriticSection section;
        private final double[][] oldValues;
        private final double[][] returns;
        private final double[][] advantages;

        private record Loss(double policy, double value, int clippedTokens, int heldValues) {}

        Equations(ObjectiveConfig objective, CriticSection section, Said[] old) {
            this.objective = objective;
            this.section = section;
            this.oldValues = Arrays.stream(old).map(one -> one.values).toArray(double[][]::new);
            this.returns = new double[old.length][];
            this.advantages = new double[old.length][];
            for (int i = 0; i < old.length; i++) {
                double[] v = oldValues[i];
                advantages[i] = new double[v.length];
                returns[i] = new double[v.length];
                double next = 0;
                for (int t = v.length - 1; t >= 0; t--) {
                    double delta = t == v.length - 1 ? rewards[i] - v[t] : 0.97 * v[t + 1] - v[t];
                    next = delta + 0.97 * 0.9 * next;
                    advantages[i][t] = next;
                    returns[i][t] = next + v[t];
                }
            }
            double[] all =
                    Arrays.stream(advantages).flatMapToDouble(Arrays::stream).toArray();
            double mean = Arrays.stream(all).average().orElseThrow();
            double std = Math.sqrt(Arrays.stream(all)
                    .map(a -> (a - mean) * (a - mean))
                    .average()
                    .orElseThrow());
            for (double[] row : advantages) {
                Arrays.setAll(row, t -> Math.max((row[t] - mean) / std, -1.2));
            }
        }

        Loss loss(Said[] said) {
            int tokens =
                    Arrays.stream(said).mapToInt(one -> one.logProbs.length).sum();
            double policy = 0;
            double value = 0;
            int clipped = 0;
            int held = 0;
            for (int i = 0; i < said.length; i++) {
                int length = said[i].logProbs.length;
                double weight = objective.aggregation().name().equals("TOKEN_MEAN")
                        ? 1.0 / tokens
                        : 1.0 / (said.length * length);
                for (int t = 0; t < length; t++) {
                    double ratio = Math.exp(said[i].logProbs[t] - sampled.get(i)[t]);
                    double a = advantages[i][t];
                    double bounded = Math.max(0.8, Math.min(1.2, ratio));
                    clipped += bounded * a < ratio * a ? 1 : 0;
                    policy -= weight * Math.min(ratio * a, bounded * a);
                    double error = Math.pow(said[i].values[t] - returns[i][t], 2);
                    if (section.valueClip() != null) {
                        double moved = said[i].values[t] - oldValues[i][t];
                        double v = oldValues[i][t] + Math.max(-0.2, Math.min(0.2, moved));
                        double heldError = Math.pow(v - returns[i][t], 2);
                        held += heldError > error ? 1 : 0;
                        error = Math.max(error, heldError);
                    }
                    value += section.valueCoefficient() * weight * error / 2;
                }
            }
            return new Loss(policy, value, clipped, held);
        }
    }

    /** The same policy in DOUBLE, every sequence by itself, without padding. */
    private final class Exact implements AutoCloseable {
        private final ParameterStore weights = RandomWeights.create(CONFIG, 3, DataType.DOUBLE);
        private final LoraAdapter adapter = adapter(DataType.DOUBLE);
        private final ValueHead head = ValueHead.zeros(CONFIG.width(), DataType.DOUBLE);
        private final Map<Integer, Plan> plans = new HashMap<>();
        private final DecoderModel model;

        Exact(boolean lora) {
            this.model = new DecoderModel(CONFIG, weights, lora ? adapter : null);
        }

        ParameterStore trained() {
            return Trainable.of(model).parameters();
        }

        void copy(ParameterStore otherWeights, LoraAdapter otherAdapter, ValueHead otherHead) {
            weights.copyFrom(otherWeights);
            adapter.parameters().copyFrom(otherAdapter.parameters());
            head.parameters().copyFrom(otherHead.parameters());
        }

        /** V_t and log π of completion token t come from the state before it. */
        Said[] say() {
            return examples.stream().map(this::say).toArray(Said[]::new);
        }

        private Said say(TokenExample example) {
            int[] ids = IntStream.concat(Arrays.stream(example.prompt()), Arrays.stream(example.completion()))
                    .toArray();
            Plan plan = plans.computeIfAbsent(ids.length, length -> states(model, length));
            plan.input(SequenceGraph.IDS).data().setData(ids);
            plan.run();
            INDArray states = plan.output("states");
            INDArray logits = plan.output("logits");
            int n = example.completion().length;
            Said said = new Said(new double[n], new double[n]);
            for (int t = 0; t < n; t++) {
                int at = example.prompt().length + t - 1;
                double sum = 0;
                for (int v = 0; v < VOCABULARY; v++) {
                    sum += Math.exp(logits.getDouble(at, v) / TEMPERATURE);
                }
                said.logProbs[t] = logits.getDouble(at, example.completion()[t]) / TEMPERATURE - Math.log(sum);
                double value = head.parameters().get("value_head.bias").getDouble(0);
                for (int d = 0; d < CONFIG.width(); d++) {
                    value += states.getDouble(at, d)
                            * head.parameters().get("value_head.weight").getDouble(0, d);
                }
                said.values[t] = value;
            }
            return said;
        }

        @Override
        public void close() {
            plans.values().forEach(Plan::close);
            head.close();
            adapter.close();
            weights.close();
        }
    }

    private static Plan states(DecoderModel model, int length) {
        SameDiff graph = Graphs.create();
        SequenceGraph sequence = SequenceGraph.add(graph, model, new SequenceShape(1, length));
        SDVariable states = sequence.hidden().rename("states");
        sequence.decoder().logits(states).rename("logits");
        return Plan.compile(graph, List.of("states", "logits"));
    }

    private int[] ids(int count) {
        return random.ints(count, 0, VOCABULARY).toArray();
    }

    private void move(ParameterStore parameters, double size) {
        for (String name : parameters.names()) {
            INDArray array = parameters.get(name);
            for (long i = 0; i < array.length(); i++) {
                array.putScalar(i, array.getDouble(i) + size * random.nextGaussian());
            }
        }
    }

    private LoraAdapter adapter(DataType type) {
        LoraAdapter adapter = LoraAdapter.random(
                new LoraConfig(2, 4, 0, Set.of("q_proj", "v_proj", "down_proj"), false), CONFIG, "", 2, type);
        move(adapter.parameters(), 0.2);
        return adapter;
    }
}
