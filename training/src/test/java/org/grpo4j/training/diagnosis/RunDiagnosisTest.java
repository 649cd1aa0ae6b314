package org.grpo4j.training.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grpo4j.training.config.ConfigLoader;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every symptom shows on its metrics, on no others, and once. */
class RunDiagnosisTest {

    private static final Map<Metric, Double> HEALTHY = Map.ofEntries(
            Map.entry(Metric.REWARD_MEAN, 0.4),
            Map.entry(Metric.ZERO_SPREAD_FRACTION, 0.75),
            Map.entry(Metric.USED_FRACTION, 1.0),
            Map.entry(Metric.USED_GROUPS, 16.0),
            Map.entry(Metric.ADVANTAGE_MIN, -1.2),
            Map.entry(Metric.ADVANTAGE_MAX, 1.7),
            Map.entry(Metric.LOSS, 0.01),
            Map.entry(Metric.CLIP_FRACTION_LOW, 0.2),
            Map.entry(Metric.CLIP_FRACTION_HIGH, 0.3),
            Map.entry(Metric.Z_ABS_MAX, 19.0),
            Map.entry(Metric.LOG_PROB_GAP, 1e-5),
            Map.entry(Metric.GRADIENT_NORM, 0.7),
            Map.entry(Metric.TRUNCATED_FRACTION, 0.9),
            Map.entry(Metric.GOLD_NOT_PARSED_FRACTION, 0.0));

    private static StepMetrics step(int step, Map<Metric, Double> changes) {
        StepMetrics.Builder metrics = StepMetrics.at(step);
        HEALTHY.forEach(metrics::put);
        changes.forEach(metrics::put);
        return metrics.build();
    }

    private static TrainConfig config(String... overrides) {
        return ConfigLoader.parse("""
                output: out
                model: {path: model}
                data: {path: data}
                training: {steps: 5}
                """, "run.yaml", TrainConfig.class, List.of(overrides));
    }

    private static String text(TrainConfig config, Metric metric, double value) {
        List<Diagnosis> found = new RunDiagnosis(config).of(step(1, Map.of(metric, value)));
        assertThat(found).hasSize(1);
        return found.get(0).text();
    }

    @Test
    void wordsFitTheSettings() {
        TrainConfig dynamic = config("rollout.dynamic_sampling={max_attempts: 3}");
        assertThat(text(dynamic, Metric.USED_GROUPS, 5)).contains("after 3 attempts", "found 5 of the 16 groups");
        assertThat(new RunDiagnosis(config()).of(step(1, Map.of(Metric.USED_GROUPS, 5.0))))
                .isEmpty();
        assertThat(text(config("objective.top_entropy=0.1"), Metric.GRADIENT_NORM, 0))
                .contains("top_entropy");
        assertThat(text(config("objective={preset: cispo}"), Metric.CLIP_FRACTION_HIGH, 0.7))
                .contains("keep their gradient");
        assertThat(text(config("objective={preset: gspo}"), Metric.CLIP_FRACTION_HIGH, 0.7))
                .contains("90 % of the completions");
        assertThat(text(config("objective.importance_correction=masked"), Metric.LOG_PROB_GAP, 0.1))
                .contains("weighs down");
    }

    /** A critic learns of groups without spread, so there is nothing to warn of. */
    @Test
    void aCriticNeedsNoSpread() {
        RunDiagnosis diagnosis = new RunDiagnosis(config("objective={preset: ppo}", "rollout.group_size=1"));
        assertThat(diagnosis.of(step(1, Map.of(Metric.ZERO_SPREAD_FRACTION, 1.0))))
                .isEmpty();
    }

    /** Groups of one never have a spread, and rewards that are all 0 must not go by in silence. */
    @Test
    void aCriticWithNothingToLearnFromIsWarnedOf() {
        TrainConfig ppo = config("objective={preset: ppo}", "rollout.group_size=1");
        Map<Metric, Double> equal = Map.of(
                Metric.ZERO_SPREAD_FRACTION,
                1.0,
                Metric.ADVANTAGE_MIN,
                0.0,
                Metric.ADVANTAGE_MAX,
                0.0,
                Metric.LOSS,
                0.0);
        Map<Metric, Double> unused = Map.of(Metric.ZERO_SPREAD_FRACTION, 1.0, Metric.USED_FRACTION, 0.0);
        for (Map<Metric, Double> nothing : List.of(equal, unused)) {
            List<Diagnosis> found = new RunDiagnosis(ppo).of(step(1, nothing));
            assertThat(found).extracting(Diagnosis::symptom).containsExactly(Symptom.NOTHING_TO_LEARN);
            assertThat(found.get(0).text())
                    .contains(nothing == equal ? "advantage is 0" : "no completion takes part")
                    .doesNotContain("rewards differ");
        }
    }

    @Test
    void aHealthyRunSaysNothing() {
        RunDiagnosis diagnosis = new RunDiagnosis(config());
        for (int step = 1; step < 4; step++) {
            assertThat(diagnosis.of(step(step, Map.of()))).isEmpty();
        }
        assertThat(diagnosis.of(
                        StepMetrics.at(0).put(Metric.HELDOUT_ACCURACY, 0).build()))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ZERO_SPREAD_FRACTION, 1, NO_SPREAD, too easy",
        "USED_FRACTION, 0, NOTHING_TO_LEARN, reward_failures",
        "GRADIENT_NORM, 0, NO_MOVEMENT, every token is clipped",
        "CLIP_FRACTION_LOW, 0.21, CLIPPED, optimiser.learning_rate",
        "CLIP_FRACTION_HIGH, 0.31, CLIPPED, 51 %",
        "LOG_PROB_GAP, 0.002, LOG_PROB_GAP, differ by 0.002",
        "TRUNCATED_FRACTION, 1, ALL_TRUNCATED, rollout.max_new_tokens (64)",
        "GOLD_NOT_PARSED_FRACTION, 0.25, GOLD_NOT_PARSED, 25 %",
        "Z_ABS_MAX, 20, RATIO_AT_LIMIT, training.optimiser_steps_per_batch"
    })
    void aSymptomIsToldOnceWithItsStep(Metric metric, double value, Symptom symptom, String words) {
        RunDiagnosis diagnosis = new RunDiagnosis(config());
        assertThat(diagnosis.of(step(1, Map.of()))).isEmpty();
        List<Diagnosis> found = diagnosis.of(step(2, Map.of(metric, value)));
        assertThat(found).extracting(Diagnosis::symptom).containsExactly(symptom);
        assertThat(found.get(0).step()).isEqualTo(2);
        assertThat(found.get(0).line()).startsWith("warning (step 2): ").contains(words);
        assertThat(diagnosis.of(step(3, Map.of(metric, value)))).isEmpty();
    }

    @Test
    void severalSymptomsOfAStepAreAllTold() {
        assertThat(new RunDiagnosis(config())
                        .of(step(1, Map.of(Metric.ZERO_SPREAD_FRACTION, 1.0, Metric.TRUNCATED_FRACTION, 1.0))))
                .extracting(Diagnosis::symptom)
                .containsExactly(Symptom.NO_SPREAD, Symptom.ALL_TRUNCATED);
    }

    @Test
    void advantagesThatAreAllZeroMoveNothing() {
        Map<Metric, Double> none = Map.of(Metric.ADVANTAGE_MIN, 0.0, Metric.ADVANTAGE_MAX, 0.0, Metric.LOSS, 0.0);
        List<Diagnosis> found = new RunDiagnosis(config()).of(step(1, none));
        assertThat(found).extracting(Diagnosis::symptom).containsExactly(Symptom.NOTHING_TO_LEARN);
        assertThat(found.get(0).text()).contains("the rewards do not move the policy");
    }

    @Test
    void aLossOfZeroIsANoteIfTheStepIsOnPolicyAndTeaches() {
        Map<Metric, Double> zero = Map.of(Metric.LOSS, 3e-9, Metric.Z_ABS_MAX, 1e-5);
        List<Diagnosis> found = new RunDiagnosis(config()).of(step(1, zero));
        assertThat(found).extracting(Diagnosis::symptom).containsExactly(Symptom.ZERO_LOSS);
        assertThat(found.get(0).line()).startsWith("note (step 1): ").contains("expected", "norm 0.7");
        assertThat(new RunDiagnosis(config("training.optimiser_steps_per_batch=2")).of(step(1, zero)))
                .isEmpty();
        assertThat(new RunDiagnosis(config()).of(step(1, Map.of(Metric.LOSS, 3e-9, Metric.Z_ABS_MAX, 0.1))))
                .isEmpty();
    }

    @Test
    void theFixFitsTheSettings() {
        TrainConfig traced = config("objective={trace: e-trace, lambda: 0.95}");
        assertThat(text(traced, Metric.CLIP_FRACTION_LOW, 0.9)).contains("objective.lambda (0.95)", "row");
        assertThat(text(traced, Metric.Z_ABS_MAX, 25)).contains("objective.lambda (0.95)", "reached 25");
        assertThat(text(config("objective={trace: e-trace, trace_normalisation: row}"), Metric.CLIP_FRACTION_LOW, 0.9))
                .contains("objective.clip_low")
                .doesNotContain("objective.lambda");
        assertThat(text(config("tuning.lora={dropout: 0.1}"), Metric.LOG_PROB_GAP, 0.1))
                .contains("tuning.lora.dropout is 0.1");
        assertThat(text(config("model.weights_dtype=bfloat16"), Metric.LOG_PROB_GAP, 0.1))
                .contains("model.weights_dtype");
        assertThat(text(config("model.adapter=a"), Metric.LOG_PROB_GAP, 0.1)).contains("adapter_config.json");
        assertThat(text(config(), Metric.LOG_PROB_GAP, 0.1)).contains("nothing in the settings explains it");
    }

    @Test
    void zeroSpreadWithoutRewardIsTooHardAndNotTooEasy() {
        List<Diagnosis> found = new ArrayList<>(new RunDiagnosis(config())
                .of(step(1, Map.of(Metric.ZERO_SPREAD_FRACTION, 1.0, Metric.REWARD_MEAN, 0.0))));
        assertThat(found.get(0).text())
                .contains("too hard", "sft", "rollout.dynamic_sampling")
                .doesNotContain("too easy");
        assertThat(text(config("rollout.dynamic_sampling={}"), Metric.ZERO_SPREAD_FRACTION, 1))
                .contains("too easy")
                .doesNotContain("dynamic_sampling");
    }
}
