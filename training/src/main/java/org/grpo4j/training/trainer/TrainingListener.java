package org.grpo4j.training.trainer;

import java.util.List;
import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.metrics.StepMetrics;

/** Hears of a run as it goes. Called on the trainer's thread, between steps. */
public interface TrainingListener {
    /** A listener that does nothing. */
    TrainingListener NONE = metrics -> {};

    /** A step is done; step 0 stands for an evaluation before the first. */
    void onStep(StepMetrics metrics);

    /** The rollouts of a step, scored, with the credit that the update gave their tokens; before the step's metrics. */
    default void onRollouts(int step, List<ScoredRollout> rollouts) {}

    /** Something worth a line, such as a checkpoint. */
    default void onNote(String line) {}

    /** Something is wrong without being an error, or looks wrong without being so; once a run for each symptom. */
    default void onDiagnosis(Diagnosis diagnosis) {
        onNote(diagnosis.line());
    }
}
