package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.grpo4j.datasets.ProblemSet;
import org.grpo4j.datasets.verify.Verifier;
import org.grpo4j.framework.io.FileDigest;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.generate.SamplingConfig;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.EvaluationSection;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.reward.RewardRegistry;
import org.grpo4j.training.reward.WeightedRewards;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that was stopped and resumed tells the same metrics and ends with the same bits as one that was not. */
class ResumeTest {
    private static final int STOP_AFTER = 2;
    private static final int NEW = -1;
    private static final String MODEL = "{init: {layers: 1, width: 16, heads: 2, kv_heads: 1, feed_forward: 32,"
            + " max_positions: 32, init_std: 0.3}}";

    @TempDir
    Path folder;

    /** A policy with its trainer. */
    private record Run(Policy policy, Trainer trainer) implements AutoCloseable {
        @Override
        public void close() {
            trainer.close();
            policy.close();
        }
    }

    /** What a run told: metrics without times, and diagnoses. */
    private static final class Told implements TrainingListener {
        private final List<Map<String, Double>> metrics = new ArrayList<>();
        private final List<Diagnosis> diagnoses = new ArrayList<>();
        private final StopRequest stop = new StopRequest();
        private final int stopAfter;

        Told(int stopAfter) {
            this.stopAfter = stopAfter;
        }

        @Override
        public void onStep(StepMetrics step) {
            Map<String, Double> values = new TreeMap<>(step.values());
            values.remove(Metric.TOKENS_PER_SECOND.key());
            values.put("step", (double) step.step());
            metrics.add(values);
            if (step.step() == stopAfter) {
                stop.request();
            }
        }

        @Override
        public void onDiagnosis(Diagnosis diagnosis) {
            diagnoses.add(diagnosis);
        }
    }

    @ParameterizedTest(name = "{0}, {1}, {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "sft | everything | constant rate",
                "sft | lora       | constant rate",
                "sft | last layer | cosine to zero",
                "grpo | everything | one pass",
                "grpo | everything | three passes",
                "grpo | lora       | three passes",
                "grpo | everything | following reference",
                "grpo | lora       | following reference",
                "grpo | everything | dynamic sampling",
                "grpo | everything | cosine to zero",
                "grpo-lambda-both | everything | three passes",
                "grpo-lambda-both | lora       | three passes",
                "grpo-lambda-recent | everything | lambda schedule",
                "grpo-lambda-both   | lora       | lambda schedule",
                "grpo-lambda-both | everything | matched gradients",
                "grpo-lambda-both | last layer | dynamic sampling",
                "grpo | everything | positive only",
                "grpo-lambda-both | lora       | truncated masked",
                "grpo | everything | normalised first",
                "grpo-lambda-both | everything | entropy and correction",
                "ppo | everything | three passes",
                "ppo | everything | entropy and correction",
                "ppo | lora       | lambda schedule",
            })
    void aStoppedRunGoesOnBitForBit(String method, String tuning, String course) throws IOException {
        List<String> settings = settings(method, tuning, course);
        Told whole = new Told(-1);
        assertThat(run(method, settings, folder.resolve("whole"), whole, NEW).finished())
                .isTrue();
        Path broken = folder.resolve("broken");
        Told first = new Told(STOP_AFTER);
        RunEnd stopped = run(method, settings, broken, first, NEW);
        assertThat(stopped).extracting(RunEnd::finished, RunEnd::step).containsExactly(false, STOP_AFTER);
        assertThat(stopped.checkpoint()).isEqualTo(broken.resolve("checkpoint-" + STOP_AFTER));
        Told second = new Told(-1);
        RunEnd end = run(method, settings, broken, second, STOP_AFTER);
        assertThat(end.finished()).isTrue();

        assertThat(concat(first.metrics, second.metrics)).isEqualTo(whole.metrics);
        assertThat(concat(first.diagnoses, second.diagnoses)).isEqualTo(whole.diagnoses);
        assertThat(arrays(broken)).isEqualTo(arrays(folder.resolve("whole"))).hasSizeGreaterThan(1);
        // The runs must train, or equal bits say nothing.
        assertThat(whole.metrics).extracting(step -> step.get("gradient_norm")).doesNotHaveDuplicates();
    }

    /** Stopped during the evaluation before the first step, which has sampled already, and then after every step. */
    @Test
    void aRunThatIsStoppedAgainAndAgainGoesOnBitForBit() throws IOException {
        // Few requests a step and many in the evaluation: the samplers are larger than the steps alone would make them.
        List<String> settings = List.of(
                "evaluation={data: {path: " + folder.resolve("problems.jsonl") + "}}",
                "training.steps=3",
                "rollout={group_size: 2, prompts_per_step: 2, max_new_tokens: 8}");
        Told whole = new Told(-1);
        run("grpo", settings, folder.resolve("whole"), whole, NEW);
        Path broken = folder.resolve("broken");
        List<Map<String, Double>> told = new ArrayList<>();
        for (int done = NEW; done < 3; done++) {
            Told part = new Told(done + 1);
            RunEnd end = run("grpo", settings, broken, part, done);
            assertThat(end.step()).isEqualTo(done + 1);
            told.addAll(part.metrics);
        }
        assertThat(told).isEqualTo(whole.metrics);
        assertThat(arrays(broken)).isEqualTo(arrays(folder.resolve("whole")));
    }

    /** Plans of the sampler grow with the requests they meet, and round differently in other sizes. */
    @Test
    void samplersThatHaveGrownStayAsLarge() throws IOException {
        List<String> settings = List.of("training.steps=12", "training.optimiser_steps_per_batch=1");
        Told whole = new Told(-1);
        run("grpo", settings, folder.resolve("whole"), whole, NEW);
        Path broken = folder.resolve("broken");
        Told first = new Told(9);
        run("grpo", settings, broken, first, NEW);
        Told second = new Told(-1);
        run("grpo", settings, broken, second, 9);
        assertThat(concat(first.metrics, second.metrics)).isEqualTo(whole.metrics);
        assertThat(arrays(broken)).isEqualTo(arrays(folder.resolve("whole")));
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** All weights and optimiser states of a final checkpoint. */
    private static Map<String, String> arrays(Path run) throws IOException {
        Map<String, String> digests = new TreeMap<>();
        for (String name : Checksums.names(run)) {
            if (name.endsWith(".safetensors")) {
                digests.put(name, FileDigest.of(run.resolve(name)).sha256());
            }
        }
        return digests;
    }

    private List<String> settings(String method, String tuning, String course) throws IOException {
        List<String> settings = new ArrayList<>();
        boolean supervised = method.equals("sft");
        settings.add("evaluation={data: {path: " + folder.resolve("problems.jsonl") + ", limit: 4}}");
        settings.add("eval_every=2");
        settings.add("training.steps=" + (supervised ? 6 : 4));
        // Several micro-batches a replica, of few shapes: what takes the time of these runs is compiling plans.
        settings.add("training.micro_batch_tokens=" + (supervised ? 16 : 48));
        settings.add("model=" + MODEL);
        if (!supervised) {
            settings.add("training.optimiser_steps_per_batch=" + (course.equals("three passes") ? 3 : 1));
            settings.add("rollout={group_size: 4, prompts_per_step: 3, max_new_tokens: 8}");
            settings.add("objective={preset: " + method + "}");
        }
        if (!tuning.equals("everything")) {
            settings.add("model={path: " + base() + "}");
            settings.add(
                    tuning.equals("lora")
                            ? "tuning.lora={rank: 3, dropout: 0.2, target_modules: [q_proj, down_proj]}"
                            : "tuning.last_layers=1");
        }
        settings.addAll(
                switch (course) {
                    case "cosine to zero" -> List.of("optimiser.schedule=cosine", "optimiser.warmup_steps=1");
                    case "following reference" ->
                        List.of("objective.beta=0.1", "reference.sync_every=1", "reference.mixing=0.3");
                    case "dynamic sampling" ->
                        List.of(
                                "rewards=[{name: format, pattern: '[23]'}]",
                                "rollout={group_size: 2, prompts_per_step: 4, max_new_tokens: 8, dynamic_sampling:"
                                        + " {max_attempts: 3}}");
                    case "lambda schedule" ->
                        List.of("objective.lambda=0.5", "objective.lambda_schedule={final: 0.99, steps: 4}");
                    case "positive only" -> List.of("training.positive_only=true");
                    case "truncated masked" ->
                        List.of("rollout={group_size: 4, prompts_per_step: 3, max_new_tokens: 16, truncated: mask}");
                    case "normalised first" -> List.of("rewards_combine=normalise-then-sum");
                    case "entropy and correction" ->
                        List.of(
                                "objective.entropy_bonus=0.05",
                                "objective.top_entropy=0.5",
                                "objective.importance_correction=masked",
                                "objective.importance_cap=2",
                                "training.optimiser_steps_per_batch=2");
                    case "matched gradients" ->
                        List.of(
                                "objective.match_gradient_norm=grpo",
                                "objective.match_every=2",
                                "training.optimiser_steps_per_batch=3");
                    default -> List.of();
                });
        return settings;
    }

    private Path base() throws IOException {
        Path base = folder.resolve("base");
        try (Policy policy = Policy.of(TinyRun.train(folder, "model=" + MODEL).model(), 1)) {
            policy.checkpoint().save(base, TensorType.F32);
        }
        return base;
    }

    private RunEnd run(String method, List<String> settings, Path output, Told told, int stepsDone) throws IOException {
        List<String> all = new ArrayList<>(settings);
        all.add("output=" + output);
        String[] overrides = all.toArray(String[]::new);
        try (Run run = method.equals("sft")
                ? supervised(TinyRun.sft(folder, overrides))
                : reinforced(TinyRun.train(folder, overrides))) {
            if (stepsDone != NEW) {
                ResumePoint point = ResumePoint.find(output, line -> {
                    throw new AssertionError(line);
                });
                assertThat(point.step()).isEqualTo(stepsDone);
                run.trainer.resume(point.folder());
                assertThat(run.trainer.stepsDone()).isEqualTo(stepsDone);
            }
            return run.trainer.run(told, told.stop);
        }
    }

    private static Run supervised(SftConfig config) {
        Policy policy =
                Policy.of(config.model(), config.tuning(), config.training().seed());
        Prompts prompts = new Prompts(policy.tokenizer(), config.data());
        RunFolder folder = new RunFolder(config.output(), ConfigYaml.write(config));
        return new Run(
                policy,
                new SftTrainer(
                        config,
                        policy,
                        prompts.demonstrations(Prompts.load(config.data())),
                        evaluator(policy, prompts, config.evaluation()),
                        folder));
    }

    private static Run reinforced(TrainConfig config) {
        Policy policy =
                Policy.of(config.model(), config.tuning(), config.training().seed());
        WeightedRewards rewards = RewardRegistry.standard(
                        ResumeTest::verify, config.rollout().maxNewTokens())
                .build(config.rewards());
        Prompts prompts = new Prompts(policy.tokenizer(), config.data());
        RunFolder folder = new RunFolder(config.output(), ConfigYaml.write(config));
        return new Run(
                policy,
                new GrpoTrainer(
                        config,
                        policy,
                        Prompts.load(config.data()),
                        rewards,
                        evaluator(policy, prompts, config.evaluation()),
                        folder));
    }

    private static @Nullable Evaluator evaluator(Policy policy, Prompts prompts, @Nullable EvaluationSection section) {
        if (section == null) {
            return null;
        }
        ProblemSet problems = Prompts.load(section.data());
        SamplingConfig sampling = new SamplingConfig(1, 0, 1, 8, policy.stopIds(List.of()));
        return new Evaluator(policy, prompts, problems, 2, sampling, ResumeTest::verify);
    }

    private static boolean verify(String gold, String completion) {
        return Verifier.verify(gold, completion).correct();
    }
}
