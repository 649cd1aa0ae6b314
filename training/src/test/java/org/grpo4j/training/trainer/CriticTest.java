package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.ConfigException;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.CriticSection;
import org.grpo4j.training.config.OptimiserSection;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The value head on a policy: its values, what it learns, and what it does to the policy. */
class CriticTest {
    private static final ObjectiveConfig PPO = ObjectiveConfig.preset("ppo", Map.of());

    private final List<TokenExample> examples = new ArrayList<>();
    private final double[] rewards = new double[9];
    private Policy policy;
    private ValueHead head;
    private List<float[]> logProbs;

    @TempDir
    Path folder;

    @BeforeEach
    void policyAndHead() {
        policy = TinyRun.policy("{layers: 1, width: 32, heads: 4, kv_heads: 2, feed_forward: 48, init_std: 0.3}");
        head = ValueHead.zeros(32, DataType.FLOAT);
        head.parameters().get("value_head.weight").assign(Nd4j.rand(1, 32).subi(0.5));
        head.parameters().get("value_head.bias").assign(0.25);
        Random random = new Random(5);
        for (int i = 0; i < rewards.length; i++) {
            rewards[i] = random.nextInt(2);
            examples.add(new TokenExample(
                    random.ints(1 + random.nextInt(9), 0, 20).toArray(),
                    random.ints(2 + random.nextInt(15), 0, 20).toArray()));
        }
        logProbs = scored(1, 64).logProbs();
    }

    @AfterEach
    void close() {
        head.close();
        policy.close();
    }

    private OldPolicy scored(int count, int tokens) {
        try (Replicas replicas = new Replicas(count);
                PolicyScorer scorer = new PolicyScorer(policy.model(), replicas, 1, true, head)) {
            return OldPolicy.of(scorer, examples, MicroBatch.split(examples, tokens, count));
        }
    }

    private static CriticSection section(double coefficient, boolean detach) {
        return new CriticSection(1e-3, coefficient, 0.2, true, detach);
    }

    /** Everything an update leaves behind, with copies of the gradients. */
    private record Result(PolicyUpdate.Pass pass, ParameterStore policy, ParameterStore head) {}

    private Result update(CriticSection section, int count, int tokens) {
        try (Replicas replicas = new Replicas(count);
                PolicyUpdate update = update(section, replicas, tokens)) {
            PolicyUpdate.Pass pass = update.prepare(examples, logProbs, rewards).run(0);
            return new Result(
                    pass, update.gradients().copy(), update.gradients(head).copy());
        }
    }

    private PolicyUpdate update(CriticSection section, Replicas replicas, int tokens) {
        return new PolicyUpdate(
                Trainable.of(policy.model()),
                null,
                replicas,
                PPO,
                new Critic(head, section),
                null,
                1,
                new MicroBatching(tokens, false));
    }

    /** The head's own gradient needs no graph: Σ w (V − R̂) h, of which the bias is the part without h. */
    @Test
    void theGradientOfTheBiasIsTheSumOfTheErrors() {
        Result result = update(section(0.5, false), 1, 4096);
        double[][] values = scored(1, 64).values();
        Critic.Batch batch = new Critic(head, section(0.5, false)).batch(PPO, rewards, values);
        double tokens = 0;
        double errors = 0;
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            for (int t = 0; t < values[i].length; t++) {
                double error = values[i][t] - batch.estimates().returns()[i][t];
                tokens++;
                errors += error;
                squares += error * error;
            }
        }
        assertThat(values[0]).doesNotContain(0.0).doesNotHaveDuplicates();
        assertThat(result.head.get("value_head.bias").getDouble(0)).isCloseTo(0.5 * errors / tokens, within(1e-5));
        assertThat(result.pass.further().get("value_loss")).isCloseTo(0.25 * squares / tokens, within(1e-5));
    }

    @Test
    void microBatchesAndReplicasGiveTheSameGradients() {
        Result whole = update(section(0.1, false), 1, 4096);
        Result cut = update(section(0.1, false), 2, 48);
        assertThat(cut.pass.loss()).isCloseTo(whole.pass.loss(), within(1e-5));
        assertThat(distance(cut.policy, whole.policy)).isLessThan(1e-5 * GradientClip.globalNorm(whole.policy));
        assertThat(distance(cut.head, whole.head)).isLessThan(1e-5 * GradientClip.globalNorm(whole.head));
    }

    /** What the value loss does to the policy's own parameters, and that detach keeps it from doing so. */
    @Test
    void aDetachedCriticLeavesThePolicyAlone() {
        Result detached = update(section(0.1, true), 1, 256);
        Result strong = update(section(10, true), 1, 256);
        Result shared = update(section(10, false), 1, 256);
        double norm = GradientClip.globalNorm(detached.policy);
        assertThat(GradientClip.globalNorm(strong.head))
                .isCloseTo(100 * GradientClip.globalNorm(detached.head), within(1e-3));
        assertThat(distance(strong.policy, detached.policy)).isLessThan(1e-5 * norm);
        assertThat(distance(shared.policy, detached.policy)).isGreaterThan(0.1 * norm);
    }

    @Test
    void theHeadLearnsToForetellTheRewards() {
        OptimiserSection settings = ConfigLoader.parse("{}", "test", OptimiserSection.class, List.of());
        Critic critic = new Critic(head, new CriticSection(0.05, 1, null, true, true));
        try (Replicas replicas = new Replicas(1);
                PolicyUpdate update = update(critic.settings(), replicas, 4096);
                Optimiser optimiser = critic.optimiser(settings, update, 100)) {
            double first = 0;
            double last = 0;
            for (int step = 0; step < 60; step++) {
                PolicyUpdate.Pass pass =
                        update.prepare(examples, logProbs, rewards).run(0);
                last = pass.further().get("value_explained_variance");
                first = step == 0 ? last : first;
                optimiser.step(pass.loss());
            }
            assertThat(last).isGreaterThan(0.5).isGreaterThan(first + 0.3);
        }
    }

    /** With λ = 1 the returns are the rewards; where these are all equal, rounding must not be taken for a variance. */
    @ParameterizedTest
    @ValueSource(doubles = {0, 0.7, 1})
    void equalReturnsLeaveNoVarianceToExplain(double reward) {
        Arrays.fill(rewards, reward);
        double[][] values = scored(1, 64).values();
        Critic critic = new Critic(head, section(0.1, false));
        ObjectiveConfig whole = PPO.with(Map.of("lambda", 1.0));
        assertThat(critic.batch(whole, rewards, values).metrics().get("value_explained_variance"))
                .isNaN();
        assertThat(critic.batch(PPO, rewards, values).metrics().get("value_explained_variance"))
                .isFinite();
        rewards[0] += 0.01;
        assertThat(critic.batch(whole, rewards, values).metrics().get("value_explained_variance"))
                .isFinite();
    }

    private static double distance(ParameterStore a, ParameterStore b) {
        a.names().forEach(name -> a.get(name).subi(b.get(name)));
        double distance = GradientClip.globalNorm(a);
        a.names().forEach(name -> a.get(name).addi(b.get(name)));
        return distance;
    }

    /** As the loss it is a part of: one number a step, the mean of its passes. */
    @Test
    void theValueLossOfAStepIsTheMeanOfItsPasses() {
        Critic critic = new Critic(head, new CriticSection(0.05, 1, null, true, true));
        try (Replicas replicas = new Replicas(1);
                PolicyUpdate update = update(critic.settings(), replicas, 4096);
                Optimiser optimiser = critic.optimiser(
                        ConfigLoader.parse("{}", "test", OptimiserSection.class, List.of()), update, 9)) {
            PolicyUpdate.Batch batch = update.prepare(examples, logProbs, rewards);
            UpdateStatistics statistics = new UpdateStatistics();
            double sum = 0;
            double last = 0;
            for (int i = 0; i < 3; i++) {
                PolicyUpdate.Pass pass = batch.run(0);
                statistics.add(pass, batch.ratios(), optimiser.step(pass.loss()));
                last = pass.further().get("value_loss");
                sum += last;
            }
            StepMetrics.Builder metrics = StepMetrics.at(1);
            statistics.put(metrics);
            double told = metrics.build().value("value_loss").orElseThrow();
            assertThat(told).isCloseTo(sum / 3, within(1e-12)).isGreaterThan(1.01 * last);
        }
    }

    @Test
    void aRunTellsWhatItsCriticKnowsAndNeedsNoGroups() throws IOException {
        List<StepMetrics> steps = new ArrayList<>();
        List<ScoredRollout> rollouts = new ArrayList<>();
        try (GrpoRun run = GrpoRun.of(TinyRun.train(
                folder,
                "objective={preset: ppo}",
                "rollout={group_size: 1, prompts_per_step: 6, max_new_tokens: 5}",
                "training.seed=7"))) {
            run.trainer().run(new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                    steps.add(metrics);
                }

                @Override
                public void onRollouts(int step, List<ScoredRollout> scored) {
                    rollouts.addAll(scored);
                }
            });
        }
        assertThat(steps).hasSize(4).allSatisfy(step -> {
            step.require(Metric.REINFORCEMENT);
            assertThat(step.values())
                    .containsKeys("value_loss", "value_mean", "return_mean", "value_explained_variance");
        });
        // The critic begins at zero and moves from then on.
        assertThat(steps.get(0).value("value_mean")).hasValue(0);
        assertThat(steps.get(3).value("value_mean").orElseThrow()).isNotZero();
        // Whitened advantages of tokens differ within a completion.
        assertThat(rollouts).anySatisfy(rollout -> {
            assertThat(rollout.credit().length).isGreaterThan(1);
            assertThat(rollout.credit()[0]).isNotEqualTo(rollout.credit()[1]);
        });
    }

    @Test
    void whatComparesGroupsIsRefused() {
        Map<String, String> refused = Map.of(
                "rollout.dynamic_sampling={}", "dynamic_sampling drops groups",
                "training.positive_only=true", "positive_only leaves out",
                "rewards_combine=normalise-then-sum", "normalise-then-sum compares rewards within a group",
                "objective.trace=e-trace", "set trace: none",
                "objective.ratio_level=sequence", "ratio_level: token");
        refused.forEach(
                (other, message) -> assertThatThrownBy(() -> TinyRun.train(folder, "objective={preset: ppo}", other))
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("gae")
                        .hasMessageContaining(message));
    }
}
