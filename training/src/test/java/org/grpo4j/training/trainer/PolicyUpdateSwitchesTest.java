package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.trainer.PolicyUpdate.Pass;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Switches that reach from the loss into the policy, or need what the policy said before it was changed. */
class PolicyUpdateSwitchesTest {
    private static final ObjectiveConfig GRPO = ObjectiveConfig.grpo();
    private static final ObjectiveConfig TRACED =
            ObjectiveConfig.preset("grpo-lambda-both", Map.of("lambda", 0.9, "trace_normalisation", "none"));

    private final List<TokenExample> examples = new ArrayList<>();
    private final double[] advantages = new double[9];
    private Policy policy;
    private List<float[]> logProbs;

    @BeforeEach
    void policyAndItsLogProbs() {
        policy = TinyRun.policy("{layers: 1, width: 32, heads: 4, kv_heads: 2, feed_forward: 48, init_std: 0.3}");
        Random random = new Random(5);
        for (int i = 0; i < advantages.length; i++) {
            advantages[i] = random.nextGaussian();
            examples.add(new TokenExample(
                    random.ints(1 + random.nextInt(9), 0, 20).toArray(),
                    random.ints(2 + random.nextInt(15), 0, 20).toArray()));
        }
        logProbs = old().logProbs();
    }

    @AfterEach
    void close() {
        policy.close();
    }

    private OldPolicy old() {
        try (Replicas replicas = new Replicas(1);
                PolicyScorer scorer = new PolicyScorer(policy.model(), replicas, 1, true)) {
            return OldPolicy.of(scorer, examples, MicroBatch.split(examples, 64, 1));
        }
    }

    /** The slope of the loss along the gradient of the bonus, by moving the policy there. */
    @Test
    void theEntropyBonusReachesTheParameters() {
        ObjectiveConfig rewarded = GRPO.with(Map.of("entropy_bonus", 1.0));
        try (ParameterStore plain = gradient(GRPO, 1, 256);
                ParameterStore bonus = gradient(rewarded, 1, 256)) {
            subtract(bonus, plain);
            double norm = GradientClip.globalNorm(bonus);
            double step = 2e-3;
            double up = meanEntropy(bonus, step / norm);
            double down = meanEntropy(bonus, -step / norm);
            assertThat(norm).isGreaterThan(1e-2);
            assertThat((up - down) / (2 * step)).isCloseTo(-norm, within(0.01 * norm));
        }
    }

    /** Mean over completions of the mean entropy, after a step of the parameters that is taken back again. */
    private double meanEntropy(ParameterStore direction, double length) {
        move(direction, length);
        double sum = 0;
        for (double[] row : old().entropies()) {
            double own = 0;
            for (double entropy : row) {
                own += entropy;
            }
            sum += own / row.length;
        }
        move(direction, -length);
        return sum / examples.size();
    }

    private void move(ParameterStore direction, double length) {
        ParameterStore parameters = Trainable.of(policy.model()).parameters();
        for (String name : direction.names()) {
            try (INDArray part = direction.get(name).mul(length)) {
                parameters.get(name).addi(part);
            }
        }
    }

    /** Ratios start from the trainer's log-probs, so they are 1, and the sampler's error is a weight. */
    @Test
    void importanceCorrectionMovesTheSamplersErrorIntoAWeight() {
        List<float[]> sampled = new ArrayList<>();
        Random random = new Random(8);
        for (float[] row : logProbs) {
            float[] off = row.clone();
            for (int t = 0; t < off.length; t++) {
                off[t] -= (float) (0.4 * random.nextGaussian());
            }
            sampled.add(off);
        }
        Pass none = run(GRPO, sampled, 1, 256).pass();
        Pass masked = run(GRPO.with(Map.of("importance_correction", "masked", "importance_cap", 1.5)), sampled, 1, 256)
                .pass();
        assertThat(Math.abs(none.metrics().meanRatio() - 1)).isGreaterThan(0.01);
        assertThat(masked.metrics().meanRatio()).isCloseTo(1, within(1e-5));
        assertThat(masked.logProbGap()).isEqualTo(none.logProbGap()).isGreaterThan(0.5);
        double expected = 0;
        for (int i = 0; i < advantages.length; i++) {
            int length = sampled.get(i).length;
            for (int t = 0; t < length; t++) {
                double weight = Math.exp((double) logProbs.get(i)[t] - sampled.get(i)[t]);
                boolean inside = weight <= 1.5 && weight >= 1 / 1.5;
                expected -= (inside ? weight : 0) * advantages[i] / (advantages.length * length);
            }
        }
        assertThat(masked.loss()).isCloseTo(expected, within(1e-4));
    }

    /** The first pass and its threshold see the whole batch, however it is cut. */
    @Test
    void selectionDoesNotDependOnMicroBatchesOrReplicas() {
        ObjectiveConfig selective = TRACED.with(Map.of(
                "top_entropy",
                0.3,
                "trace_tokens",
                "top-entropy",
                "trace_share",
                0.4,
                "importance_correction",
                "truncated"));
        Run whole = run(selective, logProbs, 1, 4096);
        Run cut = run(selective, logProbs, 2, 48);
        Run everything = run(TRACED, logProbs, 1, 4096);
        try (ParameterStore a = whole.gradients;
                ParameterStore b = cut.gradients;
                ParameterStore c = everything.gradients) {
            double norm = GradientClip.globalNorm(a);
            subtract(b, a);
            subtract(c, a);
            assertThat(cut.pass.loss()).isCloseTo(whole.pass.loss(), within(1e-5));
            assertThat(GradientClip.globalNorm(b)).isLessThan(1e-4 * norm);
            assertThat(GradientClip.globalNorm(c)).isGreaterThan(0.1 * norm);
        }
    }

    @Test
    void matchedGradientsHaveTheNormOfGrpoAndTheirOwnDirection() {
        for (String trace : List.of("e-trace", "e-weight", "position-weight")) {
            ObjectiveConfig own = TRACED.with(Map.of("trace", trace));
            Map<String, Object> none = Map.of("trace", "none");
            Run matched = run(own.with(Map.of("match_gradient_norm", "grpo")), logProbs, 2, 64);
            try (ParameterStore scaled = matched.gradients;
                    ParameterStore plain = gradient(TRACED.with(none), 2, 64);
                    ParameterStore traced = gradient(own, 2, 64)) {
                double target = GradientClip.globalNorm(plain);
                double unscaled = GradientClip.globalNorm(traced);
                assertThat(unscaled).as(trace).isGreaterThan(1.5 * target);
                assertThat(GradientClip.globalNorm(scaled)).as(trace).isCloseTo(target, within(1e-4 * target));
                assertThat(matched.pass.further().get("gradient_scale")).isCloseTo(target / unscaled, within(1e-4));
                traced.names().forEach(name -> traced.get(name).muli(target / unscaled));
                subtract(traced, scaled);
                assertThat(GradientClip.globalNorm(traced)).isLessThan(1e-4 * target);
            }
        }
    }

    @Test
    void theScaleIsFoundAnewAsOftenAsAsked() {
        ObjectiveConfig every = TRACED.with(Map.of("match_gradient_norm", "grpo", "match_every", 2));
        try (Replicas replicas = new Replicas(1);
                PolicyUpdate update = update(every, replicas, 256)) {
            PolicyUpdate.Batch batch = update.prepare(examples, logProbs, advantages);
            List<Double> scales = new ArrayList<>();
            for (int pass = 0; pass < 4; pass++) {
                scales.add(batch.run(0).further().get("gradient_scale"));
                move(update.engine().gradients(), -0.3);
            }
            assertThat(scales.get(1)).isEqualTo(scales.get(0));
            assertThat(scales.get(2)).isNotEqualTo(scales.get(1));
            assertThat(scales.get(3)).isEqualTo(scales.get(2));
        }
    }

    /** One engine over a schedule gives at each step what an engine made for that λ gives. */
    @Test
    void lambdaFollowsItsScheduleOnTheSamePlans() {
        ObjectiveConfig scheduled =
                TRACED.with(Map.of("lambda", 0.0, "lambda_schedule", Map.of("final", 0.9, "steps", 2)));
        try (Replicas replicas = new Replicas(1);
                PolicyUpdate update = update(scheduled, replicas, 256)) {
            for (int step = 1; step <= 3; step++) {
                update.beginStep(step);
                Pass pass = update.prepare(examples, logProbs, advantages).run(0);
                double lambda = 0.45 * (step - 1);
                assertThat(pass.further().get("lambda")).isCloseTo(lambda, within(1e-12));
                try (ParameterStore expected = gradient(TRACED.with(Map.of("lambda", lambda)), 1, 256)) {
                    double norm = GradientClip.globalNorm(expected);
                    subtract(expected, update.engine().gradients());
                    assertThat(GradientClip.globalNorm(expected)).isLessThan(1e-5 * norm);
                }
            }
        }
    }

    /** On-policy a token's credit is the advantage times the column sum of the trace (objective, section 3). */
    @Test
    void theCreditOfATokenShowsTheTrace() {
        for (double decay : new double[] {0, 0.9}) {
            ObjectiveConfig recent = TRACED.with(
                    Map.of("lambda", decay, "style", "recent", "aggregation", "token-mean", "negative_clamp", -9));
            try (Replicas replicas = new Replicas(2);
                    PolicyUpdate update = update(recent, replicas, 48)) {
                PolicyUpdate.Batch batch = update.prepare(examples, logProbs, advantages);
                batch.run(0);
                List<float[]> credits = batch.credits();
                for (int i = 0; i < advantages.length; i++) {
                    int length = examples.get(i).completion().length;
                    assertThat(credits.get(i)).hasSize(length);
                    for (int j = 0; j < length; j++) {
                        double column = (1 - Math.pow(decay, length - j)) / (1 - decay);
                        assertThat((double) credits.get(i)[j]).isCloseTo(advantages[i] * column, within(1e-4));
                    }
                }
            }
        }
    }

    /** Credits are what the update used: scaled like its gradient. */
    @Test
    void matchedGradientsScaleTheCredit() {
        ObjectiveConfig matched = TRACED.with(Map.of("match_gradient_norm", "grpo"));
        try (Replicas replicas = new Replicas(1);
                PolicyUpdate plain = update(TRACED, replicas, 256);
                PolicyUpdate scaled = update(matched, replicas, 256)) {
            PolicyUpdate.Batch own = plain.prepare(examples, logProbs, advantages);
            PolicyUpdate.Batch like = scaled.prepare(examples, logProbs, advantages);
            own.run(0);
            double scale = like.run(0).further().get("gradient_scale");
            assertThat(scale).isLessThan(0.9);
            assertThat((double) like.credits().get(0)[0])
                    .isCloseTo(scale * own.credits().get(0)[0], within(1e-5));
        }
    }

    private record Run(Pass pass, ParameterStore gradients) {}

    private ParameterStore gradient(ObjectiveConfig objective, int replicas, int tokens) {
        return run(objective, logProbs, replicas, tokens).gradients;
    }

    private Run run(ObjectiveConfig objective, List<float[]> sampled, int count, int tokens) {
        try (Replicas replicas = new Replicas(count);
                PolicyUpdate update = update(objective, replicas, tokens)) {
            Pass pass = update.prepare(examples, sampled, advantages).run(0);
            return new Run(pass, update.engine().gradients().copy());
        }
    }

    private PolicyUpdate update(ObjectiveConfig objective, Replicas replicas, int tokens) {
        return new PolicyUpdate(
                Trainable.of(policy.model()), null, replicas, objective, 1, new MicroBatching(tokens, false));
    }

    private static void subtract(ParameterStore from, ParameterStore other) {
        from.names().forEach(name -> from.get(name).subi(other.get(name)));
    }
}
