package org.grpo4j.training.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.training.TinyRun;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.diagnosis.Symptom;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs find the symptoms they are made to have. */
class DiagnosedRunTest {

    @TempDir
    Path folder;

    private final List<StepMetrics> steps = new ArrayList<>();
    private final List<Diagnosis> diagnoses = new ArrayList<>();

    private void run(String... settings) throws IOException {
        try (GrpoRun run = GrpoRun.of(TinyRun.train(folder, settings))) {
            run.trainer().run(new TrainingListener() {
                @Override
                public void onStep(StepMetrics metrics) {
                    steps.add(metrics);
                }

                @Override
                public void onDiagnosis(Diagnosis diagnosis) {
                    diagnoses.add(diagnosis);
                }
            });
        }
    }

    @Test
    void rewardsThatAreAllEqualAndCompletionsThatNeverEnd() throws IOException {
        // So few that none of them happens to be the end token alone.
        run(
                "rewards=[{name: format, pattern: 'no such text'}]",
                "rollout={group_size: 2, prompts_per_step: 1, max_new_tokens: 1}",
                "training.steps=2");
        assertThat(diagnoses)
                .extracting(Diagnosis::symptom)
                .contains(Symptom.NO_SPREAD, Symptom.ALL_TRUNCATED)
                .doesNotHaveDuplicates();
        assertThat(steps.get(0).value(Metric.ADVANTAGE_MAX)).hasValue(0);
        // Nothing asks the verifier, so there is nothing to count.
        assertThat(steps.get(0).value(Metric.GOLD_NOT_PARSED_FRACTION)).isEmpty();
    }

    @Test
    void aLossOfZeroAndGoldAnswersThatMeanNothing() throws IOException {
        TinyRun.train(folder);
        Path problems = folder.resolve("odd.jsonl");
        Files.writeString(problems, """
                {"problem": "3+4=", "answer": "7"}
                {"problem": "1+1=", "answer": "\\\\frac{{{"}
                {"problem": "2+5=", "answer": "7"}
                {"problem": "2+2=", "answer": "4"}
                """);
        run("data.path=" + problems, "training={steps: 1, replicas: 2, seed: 7}");
        assertThat(steps.get(0).value(Metric.GOLD_NOT_PARSED_FRACTION)).hasValue(0.25);
        assertThat(diagnoses)
                .extracting(Diagnosis::symptom)
                .contains(Symptom.GOLD_NOT_PARSED, Symptom.ZERO_LOSS)
                .doesNotContain(Symptom.NO_SPREAD, Symptom.LOG_PROB_GAP);
        assertThat(steps.get(0).value(Metric.GRADIENT_NORM).orElseThrow()).isPositive();
    }

    @Test
    void aStepWithNothingToLearnFromMovesNothingAndSaysSo() throws IOException {
        Path saved = folder.resolve("start");
        String shape = "rollout={group_size: 2, prompts_per_step: 1, max_new_tokens: 1, truncated: mask}";
        try (GrpoRun run = GrpoRun.of(TinyRun.train(folder, "training.seed=7"))) {
            run.policy().checkpoint().save(saved, TensorType.F32);
        }
        run(shape, "model={path: " + saved + "}", "training.steps=1");
        assertThat(diagnoses).extracting(Diagnosis::symptom).contains(Symptom.ALL_TRUNCATED);
        StepMetrics only = steps.get(0);
        only.require(Metric.REINFORCEMENT);
        assertThat(only.value(Metric.USED_FRACTION)).hasValue(0);
        assertThat(only.value(Metric.LOSS)).isEmpty();
        assertThat(only.value(Metric.Z_ABS_MAX)).isEmpty();
        assertThat(Files.readAllBytes(folder.resolve("run/model.safetensors")))
                .isEqualTo(Files.readAllBytes(saved.resolve("model.safetensors")));
    }

    @Test
    void stepsTellHowAdvantagesAndRatiosAreSpread() throws IOException {
        run();
        assertThat(steps).hasSize(4).allSatisfy(step -> {
            step.require(Metric.REINFORCEMENT);
            assertThat(step.value(Metric.USED_FRACTION)).hasValue(1);
            assertThat(step.value(Metric.SAMPLING_ATTEMPTS)).hasValue(1);
            assertThat(step.value(Metric.DROPPED_GROUPS)).hasValue(0);
        });
        StepMetrics first = steps.get(0);
        assertThat(first.value(Metric.ADVANTAGE_MEAN).orElseThrow()).isBetween(-1e-6, 1e-6);
        assertThat(first.value(Metric.ADVANTAGE_MIN).orElseThrow()).isNegative();
        assertThat(first.value(Metric.ADVANTAGE_MAX).orElseThrow()).isPositive();
        assertThat(first.value(Metric.ADVANTAGE_POSITIVE_FRACTION).orElseThrow())
                .isBetween(0.05, 0.95);
        assertThat(first.value(Metric.ADVANTAGE_STD).orElseThrow()).isPositive();
        // The second of two passes is off-policy: its ratios lie on both sides of 1.
        assertThat(first.value(Metric.TOKEN_RATIO_MEAN).orElseThrow()).isBetween(0.9, 1.1);
        assertThat(first.value(Metric.TOKEN_RATIO_MIN).orElseThrow()).isLessThan(0.999);
        assertThat(first.value(Metric.TOKEN_RATIO_MAX).orElseThrow()).isGreaterThan(1.001);
        assertThat(first.value(Metric.TOKEN_RATIO_STD).orElseThrow()).isBetween(1e-4, 0.5);
    }
}
