package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.models.lora.AdapterFolder;
import org.grpo4j.models.lora.LoraAdapter;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Which parameters train, what the reference is, and what a checkpoint then holds. */
class TuningTest {

    private static final String LORA = "tuning.lora={rank: 3, target_modules: [q_proj, v_proj, down_proj]}";

    @TempDir
    Path folder;

    private Path base;

    @BeforeEach
    void saveABaseModel() throws IOException {
        base = folder.resolve("base");
        TrainConfig config = TinyRun.train(folder);
        try (Policy policy = Policy.of(config.model(), 1)) {
            policy.checkpoint().save(base, TensorType.F32);
        }
    }

    private TrainConfig config(String... settings) throws IOException {
        List<String> all = new ArrayList<>(List.of("model={path: " + base + "}"));
        all.addAll(List.of(settings));
        return TinyRun.train(folder, all.toArray(String[]::new));
    }

    private static List<OptionalDouble> run(TrainConfig config, Metric metric) throws IOException {
        List<OptionalDouble> values = new ArrayList<>();
        try (GrpoRun run = GrpoRun.of(config)) {
            run.trainer().run(step -> values.add(step.value(metric)));
        }
        return values;
    }

    /** Names of the parameters that differ between two checkpoints. */
    private static Set<String> moved(Path before, Path after) {
        Set<String> names = new TreeSet<>();
        try (Checkpoint first = Checkpoint.load(before, DataType.FLOAT);
                Checkpoint second = Checkpoint.load(after, DataType.FLOAT)) {
            for (String name : first.parameters().names()) {
                if (!first.parameters().get(name).equals(second.parameters().get(name))) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    @Test
    void anAdapterTrainsAloneAndIsAllThatIsSaved() throws IOException {
        TrainConfig config = config(LORA);
        List<OptionalDouble> gaps = run(config, Metric.LOG_PROB_GAP);
        assertThat(gaps)
                .hasSize(4)
                .allSatisfy(gap -> assertThat(gap.orElseThrow()).isLessThan(1e-4));
        Path run = folder.resolve("run");
        assertThat(run.resolve("adapter_model.safetensors")).exists();
        assertThat(run.resolve("model.safetensors")).doesNotExist();
        assertThat(moved(base, run)).isEmpty();
        try (Policy trained = Policy.load(run)) {
            LoraAdapter adapter = trained.checkpoint().adapter();
            assertThat(adapter.config().rank()).isEqualTo(3);
            for (String name : adapter.parameters().names()) {
                if (name.endsWith("lora_B.weight")) {
                    assertThat(adapter.parameters().get(name).amaxNumber().doubleValue())
                            .as(name)
                            .isPositive();
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bfloat16", "float16"})
    void frozenWeightsMayStayNarrow(String type) throws IOException {
        TrainConfig config = config(LORA, "model.weights_dtype=" + type);
        try (Policy wide = Policy.of(config(LORA).model(), config.tuning(), 1);
                Policy narrow = Policy.of(config.model(), config.tuning(), 1)) {
            assertThat(narrow.parameters().bytes())
                    .isLessThan((long) (0.6 * wide.parameters().bytes()));
        }
        assertThat(run(config, Metric.LOG_PROB_GAP))
                .allSatisfy(gap -> assertThat(gap.orElseThrow()).isLessThan(1e-4));
        TrainConfig last =
                config("tuning.last_layers=1", "model.weights_dtype=" + type, "output=" + folder.resolve("last"));
        run(last, Metric.LOSS);
        assertThat(moved(base, folder.resolve("last"))).contains("model.norm.weight");
        assertThatThrownBy(() -> GrpoRun.of(config("model.weights_dtype=" + type)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("set tuning.lora or tuning.last_layers");
    }

    @Test
    void aTrainedAdapterCanBeTrainedFurther() throws IOException {
        run(config(LORA), Metric.LOSS);
        Path first = folder.resolve("first");
        Files.move(folder.resolve("run"), first);
        run(config("model.adapter=" + first), Metric.LOSS);
        assertThat(Files.readAllBytes(folder.resolve("run/adapter_model.safetensors")))
                .isNotEqualTo(Files.readAllBytes(first.resolve("adapter_model.safetensors")));
        assertThat(Path.of(AdapterFolder.baseModel(folder.resolve("run")))).isEqualTo(base);
        assertThatThrownBy(() -> GrpoRun.of(config("model.adapter=" + first, LORA)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has an adapter already");
    }

    @Test
    void anAdapterStaysWithTheModelItWasTrainedOn() throws IOException {
        String checkpoints = "checkpoint_every=2";
        run(config(LORA, checkpoints), Metric.LOSS);
        Path first = folder.resolve("first");
        Files.move(folder.resolve("run"), first);
        Path other = folder.resolve("other");
        try (Policy policy = Policy.of(TinyRun.train(folder).model(), 2)) {
            policy.checkpoint().save(other, TensorType.F32);
        }
        // The same shapes, so nothing but the adapter's word tells the two models apart.
        assertThatThrownBy(() -> GrpoRun.of(config("model={path: " + other + ", adapter: " + first + "}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("was trained on " + base + ", not on " + other);
        assertThatThrownBy(() -> resume(config("model={path: " + other + "}", LORA), first.resolve("checkpoint-2")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("was trained on " + base);
        run(config("tuning.last_layers=1", checkpoints, "output=" + folder.resolve("last")), Metric.LOSS);
        assertThatThrownBy(() -> resume(
                        config("model={path: " + other + "}", "tuning.last_layers=1"),
                        folder.resolve("last/checkpoint-2")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("was trained on other weights than model.path holds");
    }

    private static void resume(TrainConfig config, Path checkpoint) {
        try (GrpoRun run = GrpoRun.of(config)) {
            run.trainer().resume(checkpoint);
        }
    }

    @Test
    void singleModulesCanBeAdaptedAndResumed() throws IOException {
        String[] settings = {
            "tuning.lora={rank: 2, target_modules: [model.layers.0.self_attn.q_proj, model.layers.1.self_attn.q_proj,"
                    + " model.layers.1.mlp.up_proj]}",
            "checkpoint_every=2"
        };
        run(config(settings), Metric.LOSS);
        Path first = folder.resolve("first");
        Files.move(folder.resolve("run"), first);
        resume(config(settings), first.resolve("checkpoint-2"));
        try (Policy policy = Policy.load(first)) {
            assertThat(policy.checkpoint().adapter().config().targetsInOrder())
                    .containsExactly("q_proj", "model.layers.1.mlp.up_proj");
        }
        assertThatThrownBy(
                        () -> GrpoRun.of(config("tuning.lora={target_modules: [q_proj, model.layers.9.mlp.up_proj]}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("names model.layers.9.mlp.up_proj");
    }

    @Test
    void aRunDoesNotWriteOverItsModel() throws IOException {
        TrainConfig config = config(LORA, "output=" + base);
        assertThatThrownBy(() -> new RunFolder(config.output(), "").requireUnused())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds a model (config.json)");
        Files.copy(
                Path.of("../models/src/test/resources/adapters/qwen2-tiny/adapter_config.json"),
                base.resolve("adapter_config.json"));
        assertThatThrownBy(() -> Policy.load(base))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds both a model");
    }

    @Test
    void onlyTheLastLayersMove() throws IOException {
        run(config("tuning.last_layers=1"), Metric.LOSS);
        assertThat(moved(base, folder.resolve("run")))
                .isNotEmpty()
                .allMatch(name -> name.startsWith("model.layers.1.") || name.equals("model.norm.weight"))
                .contains("model.norm.weight", "model.layers.1.mlp.up_proj.weight");
        assertThatThrownBy(() -> GrpoRun.of(config("tuning.last_layers=9")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tuning.last_layers is 9, but the model has only 2 layers");
    }

    @Test
    void anAdapterNeedsABaseInAFolder() throws IOException {
        TrainConfig fresh = TinyRun.train(folder, LORA);
        assertThatThrownBy(() -> GrpoRun.of(fresh))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tuning.lora needs model.path");
    }

    @Test
    void theReferenceOfAnAdapterIsTheBaseAndTakesNoMemory() throws IOException {
        TrainConfig config = config(LORA, "objective.beta=0.1");
        try (Policy policy = Policy.of(config.model(), config.tuning(), 1)) {
            long reference = MemoryEstimate.of(config, policy, 1, 8).parts().getOrDefault("reference", 0L);
            TrainConfig copying = config(LORA, "objective.beta=0.1", "reference.policy=start");
            long copied = MemoryEstimate.of(copying, policy, 1, 8).parts().getOrDefault("reference", 0L);
            assertThat(copied - reference)
                    .isEqualTo(policy.checkpoint().adapter().parameters().bytes());
        }
        List<OptionalDouble> fromBase = run(config, Metric.KL);
        // A fresh adapter is the base, so a copy of the start gives the same divergence, and it is 0 on the first pass.
        List<OptionalDouble> fromStart = run(
                config(LORA, "objective.beta=0.1", "reference.policy=start", "output=" + folder.resolve("start")),
                Metric.KL);
        assertThat(fromBase).isEqualTo(fromStart);
        assertThat(fromBase.get(3).orElseThrow()).isPositive();
        assertThatThrownBy(() -> GrpoRun.of(config("objective.beta=0.1", "reference.policy=base")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no adapter trains");
    }

    @Test
    void aSynchronisedReferenceStaysNear() throws IOException {
        String onePass = "training.optimiser_steps_per_batch=1";
        double still =
                run(config("objective.beta=0.1", onePass), Metric.KL).get(3).orElseThrow();
        List<OptionalDouble> synced = run(
                config("objective.beta=0.1", onePass, "reference.sync_every=1", "output=" + folder.resolve("synced")),
                Metric.KL);
        // A reference that equals the policy before every step never differs on a single pass.
        assertThat(synced).allSatisfy(kl -> assertThat(kl.orElseThrow()).isLessThan(1e-9));
        double mixed = run(
                        config(
                                "objective.beta=0.1",
                                onePass,
                                "reference.sync_every=1",
                                "reference.mixing=0.5",
                                "output=" + folder.resolve("mixed")),
                        Metric.KL)
                .get(3)
                .orElseThrow();
        assertThat(mixed).isBetween(1e-9, 0.9 * still);
    }

    @Test
    void mixingMovesEveryParameterPartOfTheWay() throws IOException {
        TrainConfig config = config("objective.beta=0.1", "reference.sync_every=2", "reference.mixing=0.25");
        try (Policy policy = Policy.of(config.model(), 1);
                Replicas replicas = new Replicas(1);
                ReferencePolicy reference = ReferencePolicy.copyOf(Trainable.of(policy.model()), replicas, 1)) {
            ParameterStore own = reference.own();
            String name = "model.norm.weight";
            double start = own.get(name).getDouble(0);
            policy.parameters().get(name).addi(1);
            reference.follow(policy.parameters(), 0.25);
            assertThat(own.get(name).getDouble(0)).isEqualTo(start + 0.25);
        }
    }

    @Test
    void aResumedAdapterRunEndsWhereAnUnbrokenOneDoes() throws IOException {
        String[] settings = {
            "tuning.lora={rank: 3, dropout: 0.2}",
            "objective.beta=0.1",
            "reference.sync_every=1",
            "reference.mixing=0.5",
            "checkpoint_every=2"
        };
        run(config(settings), Metric.LOSS);
        Path whole = folder.resolve("whole");
        Files.move(folder.resolve("run"), whole);
        try (GrpoRun resumed = GrpoRun.of(config(settings))) {
            resumed.trainer().resume(whole.resolve("checkpoint-2"));
            assertThat(resumed.trainer().stepsDone()).isEqualTo(2);
            resumed.trainer().run(step -> {});
        }
        String weights = "adapter_model.safetensors";
        assertThat(Files.readAllBytes(folder.resolve("run").resolve(weights)))
                .isEqualTo(Files.readAllBytes(whole.resolve(weights)));
        assertThatThrownBy(() -> {
                    try (GrpoRun other = GrpoRun.of(config())) {
                        other.trainer().resume(whole.resolve("checkpoint-2"));
                    }
                })
                .isInstanceOf(InputException.class)
                .hasMessageContaining("holds another model than the configuration's");
    }

    @Test
    void aRunInWhichNothingMovesFails() throws IOException {
        try (GrpoRun run = GrpoRun.of(config("optimiser.learning_rate=0"))) {
            assertThatThrownBy(() -> run.trainer().run(step -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no parameter moved in step 1")
                    .hasMessageContaining("learning rate 0.0");
        }
    }
}
