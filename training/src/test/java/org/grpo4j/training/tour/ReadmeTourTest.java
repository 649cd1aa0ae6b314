package org.grpo4j.training.tour;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.Problem;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.framework.autodiff.Gradients;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.grpo4j.framework.op.Ops;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.tokenizer.CharacterTokenizer;
import org.grpo4j.models.tokenizer.Tokenizer;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.objective.Objective;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.reward.Reward;
import org.grpo4j.training.reward.RewardConfig;
import org.grpo4j.training.reward.RewardRegistry;
import org.grpo4j.training.reward.WeightedRewards;
import org.grpo4j.training.trainer.GrpoTrainer;
import org.grpo4j.training.trainer.Policy;
import org.grpo4j.training.trainer.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The code of the README's tour, word for word, so that it cannot go stale. */
class ReadmeTourTest {
    @TempDir
    Path folder;

    @Test
    void aLayerOfYourOwn() {
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, 32, 64);
        SDVariable gate = graph.var("gate", Nd4j.randn(DataType.FLOAT, 128, 64).mul(0.1));
        SDVariable up = graph.var("up", Nd4j.randn(DataType.FLOAT, 128, 64).mul(0.1));
        SDVariable y = Ops.swiGlu(Ops.linear(x, gate, null), Ops.linear(x, up, null));
        SDVariable loss = y.mul(y).mean();

        Map<String, SDVariable> gradients = Gradients.of(loss, List.of(gate, up));
        try (Plan plan =
                Plan.compile(graph, List.of(loss.name(), gradients.get("gate").name()))) {
            plan.input("x").assign(1);
            plan.run();
            assertThat(plan.output(gradients.get("gate").name()).shape()).containsExactly(128, 64);
        }
        assertInReadme("SDVariable y = Ops.swiGlu(Ops.linear(x, gate, null), Ops.linear(x, up, null));");
    }

    @Test
    void fromModelToTrainedPolicy() throws Exception {
        Tokenizer tokenizer = CharacterTokenizer.of("0123456789+= ");
        DecoderConfig model = DecoderConfig.builder(ModelFamily.QWEN3)
                .vocabularySize(tokenizer.vocabularySize())
                .layers(2)
                .width(64)
                .heads(4)
                .kvHeads(2)
                .headDim(16)
                .feedForward(160)
                .maxPositionEmbeddings(64)
                .build();
        Policy policy =
                new Policy(Checkpoint.random(model, 42, DataType.FLOAT, CompanionFiles.of(tokenizer)), tokenizer);

        List<Problem> mine = new ArrayList<>();
        for (int a = 1; a < 9; a++) {
            mine.add(new Problem("sum-" + a, a + "+" + a + "=", List.of("" + 2 * a), null));
        }
        ProblemSet problems = ProblemSet.of("doubles", mine);

        Reward brief = context -> context.completionTokens() <= 4 ? 1 : 0;
        WeightedRewards rewards = RewardRegistry.standard(
                        (gold, completion) -> Verifier.verify(gold, completion).correct(), 8)
                .register("brief", settings -> brief)
                .build(List.of(RewardConfig.of("answer", 1), RewardConfig.of("brief", 0.5)));

        TrainConfig config =
                ConfigLoader.load(write("train.yaml"), TrainConfig.class, List.of("output=" + folder.resolve("run")));
        RunFolder run = new RunFolder(config.output(), ConfigYaml.write(config));
        try (policy;
                GrpoTrainer trainer = new GrpoTrainer(config, policy, problems, rewards, null, run)) {
            List<Double> seen = new ArrayList<>();
            trainer.run(metrics -> seen.add(metrics.value(Metric.REWARD_MEAN).getAsDouble()));
            policy.checkpoint().save(folder.resolve("policy"), TensorType.BF16);
            assertThat(seen).hasSize(3);
        }
        try (Policy again = Policy.load(folder.resolve("policy"))) {
            assertThat(again.config().layers()).isEqualTo(2);
        }
        assertInReadme("Reward brief = context -> context.completionTokens() <= 4 ? 1 : 0;");
        assertInReadme("DecoderConfig model = DecoderConfig.builder(ModelFamily.QWEN3)");
    }

    @Test
    void theObjectiveIsAGraph() {
        SameDiff graph = SameDiff.create();
        SDVariable logProbs = graph.placeHolder("log_probs", DataType.FLOAT, 8, 64);
        ObjectiveConfig lambda = ObjectiveConfig.grpoLambda(Style.BOTH).with(Map.of("lambda", 0.95, "clip_high", 0.28));
        Objective objective = Objective.build(lambda, new Objective.Inputs(logProbs, null, 8, 64, false));
        SDVariable gradient = Gradients.of(objective.loss(), List.of(logProbs)).get("log_probs");
        assertThat(gradient).isNotNull();
        assertInReadme(
                "Objective objective = Objective.build(lambda, new Objective.Inputs(logProbs, null, 8, 64, false));");
    }

    private Path write(String name) throws Exception {
        String yaml = """
                output: runs/doubles
                model: {path: not-used}
                data: {path: not-used}
                rollout: {prompts_per_step: 4, group_size: 4, max_new_tokens: 8}
                objective: {trace: e-trace, style: both, lambda: 0.95, negative_clamp: -0.1}
                optimiser: {learning_rate: 1e-3}
                training: {steps: 3, optimiser_steps_per_batch: 2, replicas: 2}
                """;
        return Files.writeString(folder.resolve(name), yaml);
    }

    private static void assertInReadme(String line) {
        try {
            assertThat(Files.readString(Path.of("../README.md"))).contains(line);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
