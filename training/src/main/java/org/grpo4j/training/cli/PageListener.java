package org.grpo4j.training.cli;

import org.grpo4j.training.diagnosis.Diagnosis;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.LivePage;
import org.grpo4j.training.trainer.TrainingListener;

/** Tells a page what a run tells. */
record PageListener(LivePage page) implements TrainingListener {

    @Override
    public void onStep(StepMetrics metrics) {
        page.add(metrics);
    }

    @Override
    public void onDiagnosis(Diagnosis diagnosis) {
        page.add(diagnosis);
    }
}
