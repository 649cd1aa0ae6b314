package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.config.ConfigYaml;
import org.grpo4j.training.config.SftConfig;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.Symptom;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.reward.Reward;
import org.grpo4j.training.reward.WeightedRewards;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Updates whose loss or gradient is not finite: skipped, counted, told, and too many in a row end the run. */
class UpdateFaultTest {
    /** Completions of a step of {@link TinyRun}. */
    private static final int COMPLETIONS = 16;

    @TempDir
    Path folder;

    private boolean startIsDamaged;
    private final List<StepMetrics> steps = new ArrayList<>();
    private final List<Diagnosis> diagnoses = new ArrayList<>();

    private final TrainingListener listener = new TrainingListener() {
        @Override
        public void onStep(StepMetrics metrics) {
            steps.add(metrics);
        }

        @Override
        public void onDiagnosis(Diagnosis diagnosis) {
            diagnoses.add(diagnosis);
        }
    };

    private Path run() {
        return folder.resolve("run");
    }

    /** Rewards beyond what a float can hold in some steps; advantages are differences to the mean, so they are, too. */
    private void reinforce(IntPredicate isExtreme, String... settings) throws IOException {
        List<String> all =
                new ArrayList<>(List.of("objective.advantage=group-mean", "checkpoint_every=1", "training.steps=4"));
        all.addAll(List.of(settings));
        TrainConfig config = TinyRun.train(folder, all.toArray(String[]::new));
        AtomicInteger calls = new AtomicInteger();
        Reward reward = context -> {
            int call = calls.getAndIncrement();
            boolean extreme = call % 4 == 0 && isExtreme.test(1 + call / COMPLETIONS);
            return extreme ? 1e300 : call % 3;
        };
        try (Policy policy = Policy.of(config.model(), config.training().seed());
                GrpoTrainer trainer = new GrpoTrainer(
                        config,
                        policy,
                        Prompts.load(config.data()),
                        new WeightedRewards(List.of(new WeightedRewards.Component("own", 1, reward))),
                        null,
                        new RunFolder(config.output(), ConfigYaml.write(config)))) {
            if (startIsDamaged) {
                policy.parameters().get("model.norm.weight").putScalar(3, Float.NaN);
            }
            trainer.run(listener);
        }
    }

    private byte[] weights(String checkpoint) throws IOException {
        return Files.readAllBytes(run().resolve(checkpoint).resolve("model.safetensors"));
    }

    private String optimiserSteps(String checkpoint) {
        try (SafetensorsFile state =
                SafetensorsFile.open(run().resolve(checkpoint).resolve("trainer_state/optimiser.safetensors"))) {
            return state.metadata().get("step");
        }
    }

    @Test
    void aStepThatIsNotFiniteIsSkippedAndTheRunGoesOn() throws IOException {
        reinforce(step -> step == 2);
        assertThat(steps)
                .extracting(step -> step.value(Metric.SKIPPED_UPDATES).orElseThrow())
                .containsExactly(0.0, 2.0, 0.0, 0.0);
        assertThat(steps.get(1).value(Metric.LOSS)).isEmpty();
        assertThat(steps.get(2).value(Metric.LOSS)).isNotEqualTo(OptionalDouble.empty());
        assertThat(weights("checkpoint-2")).isEqualTo(weights("checkpoint-1")).isNotEqualTo(weights("checkpoint-3"));
        assertThat(optimiserSteps("checkpoint-2")).isEqualTo("2");
        assertThat(optimiserSteps("checkpoint-3")).isEqualTo("4");
        assertThat(diagnoses)
                .filteredOn(told -> told.symptom() == Symptom.SKIPPED_UPDATE)
                .singleElement()
                .satisfies(told -> {
                    assertThat(told.step()).isEqualTo(2);
                    assertThat(told.text()).contains("the update was skipped", "optimiser.max_skipped_updates");
                });
        assertThat(run().resolve("fault.json")).doesNotExist();
    }

    /** Nothing but other weights helps here, and the advice is that. */
    @Test
    void weightsThatAreNotFiniteAreNamed() {
        startIsDamaged = true;
        assertThatThrownBy(() -> reinforce(step -> false, "optimiser.max_skipped_updates=2"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("The parameters themselves are not finite, model.norm.weight")
                .hasMessageNotContaining("learning_rate");
    }

    @Test
    void afterTooManyInARowTheRunStopsAndSaysWhereItWas() throws IOException {
        assertThatThrownBy(() ->
                        reinforce(step -> step > 1, "optimiser.max_skipped_updates=3", "checkpoints={keep_last: 1}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("stopped in step 3")
                .hasMessageContaining("3 updates in a row")
                .hasMessageContaining("fault.json")
                .hasMessageContaining("checkpoint-3 holds the state before them");
        // The one of step 2 stays, too, although only one is to be kept: who knows which of them can be used.
        assertThat(weights("checkpoint-3")).isEqualTo(weights("checkpoint-2"));
        assertThat(state("checkpoint-2").skippedInARow()).isEqualTo(2);
        assertThat(state("checkpoint-3").skippedInARow()).isZero();
        assertThat(steps).hasSize(3);

        JsonNode fault = new ObjectMapper().readTree(run().resolve("fault.json").toFile());
        assertThat(fault.path("step").asInt()).isEqualTo(3);
        assertThat(fault.path("skipped_in_a_row").asInt()).isEqualTo(3);
        assertThat(fault.path("gradients")).isNotEmpty().allSatisfy(array -> {
            assertThat(array.path("name").asText()).contains("weight");
            assertThat(array.path("nan").asLong() + array.path("infinite").asLong())
                    .isBetween(1L, array.path("elements").asLong());
        });
        assertThat(fault.path("parameters")).isEmpty();
        assertThat(fault.path("examples")).isNotEmpty().allSatisfy(example -> {
            assertThat(Math.abs(example.path("advantage").asDouble())).isGreaterThan(1e299);
            assertThat(example.path("completion")).isNotEmpty();
        });
    }

    private RunState state(String checkpoint) throws IOException {
        return RunState.read(run().resolve(checkpoint).resolve(CheckpointContent.STATE_FILE), 4);
    }

    @Test
    void aSupervisedRunWithABadWeightStopsAndNamesIt() throws IOException {
        SftConfig config = TinyRun.sft(folder, "optimiser.max_skipped_updates=2");
        String name = "model.layers.1.mlp.up_proj.weight";
        try (Policy policy = Policy.of(config.model(), config.training().seed())) {
            INDArray weight = policy.parameters().get(name);
            weight.putScalar(5, Float.NaN);
            Prompts prompts = new Prompts(policy.tokenizer(), config.data());
            RunFolder out = new RunFolder(config.output(), ConfigYaml.write(config));
            try (SftTrainer trainer =
                    new SftTrainer(config, policy, prompts.demonstrations(Prompts.load(config.data())), null, out)) {
                assertThatThrownBy(() -> trainer.run(listener)).hasMessageContaining("stopped in step 2");
            }
        }
        assertThat(diagnoses).extracting(Diagnosis::symptom).containsExactly(Symptom.SKIPPED_UPDATE);
        assertThat(steps).hasSize(2).allSatisfy(step -> step.require(Metric.SUPERVISED));
        JsonNode fault = new ObjectMapper().readTree(run().resolve("fault.json").toFile());
        assertThat(fault.path("parameters")).singleElement().satisfies(array -> {
            assertThat(array.path("name").asText()).isEqualTo(name);
            assertThat(array.path("nan").asInt()).isEqualTo(1);
            assertThat(array.path("first").asInt()).isEqualTo(5);
        });
        assertThat(fault.path("loss").asText()).isEqualTo("NaN");
        assertThat(fault.path("examples")).hasSize(8);
        assertThat(Checksums.fault(run().resolve("checkpoint-2"))).isEmpty();
    }
}
