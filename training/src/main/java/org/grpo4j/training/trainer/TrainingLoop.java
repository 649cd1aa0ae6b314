package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import org.grpo4j.training.diagnosis.RunDiagnosis;
import org.grpo4j.training.diagnosis.UpdateFault;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.PhaseTimer;
import org.grpo4j.training.metrics.StepMetrics;
import org.jspecify.annotations.Nullable;

/** The course of a run, whatever its steps do: evaluations, metrics, diagnoses and checkpoints, and how it ends. */
final class TrainingLoop {
    private final Course course;
    private final RunFolder folder;
    private final Checkpoints checkpoints;
    private final UpdateGuard guard;
    private final RunDiagnosis diagnosis;
    private final Rollouts rollouts;
    private final @Nullable Evaluator evaluator;
    private RunState state = RunState.START;
    private boolean resumed;

    /** One step of a run, from the data to the updates. */
    @FunctionalInterface
    interface Task {
        /**
         * Takes a step.
         *
         * @param step counted from 1
         * @param position rows of the data used so far
         */
        Taken step(int step, long position, PhaseTimer timer, TrainingListener listener);
    }

    /**
     * A step that was taken.
     *
     * @param metrics of it, to which the loop adds its own
     * @param position rows of the data used so far, those of the step included
     */
    record Taken(StepMetrics.Builder metrics, long position) {}

    /**
     * A run, ready to start.
     *
     * @param rollouts that sample, for the steps and for evaluations
     * @param evaluator of held-out accuracy, or null
     */
    TrainingLoop(
            Course course,
            RunFolder folder,
            CheckpointContent content,
            UpdateGuard guard,
            RunDiagnosis diagnosis,
            Rollouts rollouts,
            @Nullable Evaluator evaluator) {
        this.course = course;
        this.folder = folder;
        this.checkpoints =
                new Checkpoints(folder, content, course.checkpoints(), course.checkpointEvery(), System::nanoTime);
        this.guard = guard;
        this.diagnosis = diagnosis;
        this.rollouts = rollouts;
        this.evaluator = evaluator;
    }

    /** Takes up a checkpoint: arrays, place in the data, and what the run remembers. */
    void resume(Path checkpoint) {
        state = checkpoints.resume(checkpoint, course.rowsOfAStep());
        guard.resume(state);
        diagnosis.resume(state.told());
        rollouts.resize(state.samplers());
        resumed = true;
    }

    int stepsDone() {
        return state.step();
    }

    /**
     * Runs to the last step, or to the one in which it is asked to stop.
     *
     * @throws IllegalStateException if too many updates in a row were not finite
     */
    RunEnd run(Task task, RunProvenance provenance, PhaseTimer timer, TrainingListener listener, StopRequest stop)
            throws IOException {
        checkpoints.begin(provenance.toJson());
        if (course.evaluatesStart() && evaluator != null && !resumed) {
            StepMetrics.Builder start = StepMetrics.at(0);
            evaluate(evaluator, 0, start, timer);
            listener.onStep(start.seconds(timer.drain()).build());
            state = state.withSamplers(rollouts.sizes());
        }
        while (state.step() < course.steps() && !stop.isRequested()) {
            step(task, timer, listener);
            if (state.step() < course.steps() && checkpoints.isDue(state)) {
                listener.onNote(checkpointLine(checkpoints.write(state)));
            }
        }
        boolean finished = state.step() >= course.steps();
        if (finished) {
            checkpoints.writeFinal(state);
        }
        Path last = finished ? folder.path() : checkpoints.write(state);
        HeldOutScore best = state.best();
        return new RunEnd(state.step(), finished, last, best, best == null ? null : checkpoints.of(best));
    }

    /** Whether some step had something to teach, and moved the policy. */
    boolean hasMoved() {
        return guard.hasMoved();
    }

    private void step(Task task, PhaseTimer timer, TrainingListener listener) throws IOException {
        int step = state.step() + 1;
        Taken taken = task.step(step, state.dataPosition(), timer, listener);
        StepMetrics.Builder metrics = taken.metrics().put(Metric.SKIPPED_UPDATES, guard.skipped());
        HeldOutScore score =
                evaluator != null && course.evaluatesAfter(step) ? evaluate(evaluator, step, metrics, timer) : null;
        StepMetrics built = metrics.seconds(timer.drain()).build();
        listener.onStep(built);
        diagnosis.of(built).forEach(listener::onDiagnosis);
        state = new RunState(
                step,
                taken.position(),
                guard.inARow(),
                guard.hasMoved(),
                diagnosis.told(),
                score,
                better(score, state.best()),
                rollouts.sizes());
        UpdateFault fault = guard.fault();
        if (fault != null) {
            throw stopped(fault);
        }
    }

    private HeldOutScore evaluate(Evaluator held, int step, StepMetrics.Builder metrics, PhaseTimer timer) {
        try (var phase = timer.phase("evaluation")) {
            double accuracy = held.evaluate(rollouts, course.seed()).accuracy();
            metrics.put(Metric.HELDOUT_ACCURACY, accuracy);
            return new HeldOutScore(step, accuracy);
        }
    }

    private static @Nullable HeldOutScore better(@Nullable HeldOutScore score, @Nullable HeldOutScore best) {
        return score != null && (best == null || score.accuracy() > best.accuracy()) ? score : best;
    }

    private String checkpointLine(Path written) {
        return "checkpoint " + written
                + (state.isBest() && state.best() != null
                        ? ", the best so far: held-out accuracy " + state.best().accuracy()
                        : "");
    }

    /** No older checkpoint is removed for this one: its parameters may be what makes every update fail. */
    private IllegalStateException stopped(UpdateFault fault) throws IOException {
        Path last = checkpoints.writeOnly(state);
        fault.write(folder.fault());
        String where = fault.gradients().isEmpty()
                ? ""
                : ", first in the gradient of " + fault.gradients().get(0).name();
        return new IllegalStateException("the run stopped in step " + fault.step()
                + ", because loss or gradient were not finite in " + fault.skippedInARow() + " updates in a row" + where
                + "; " + folder.fault() + " says where, and " + last + " holds the state before them. "
                + advice(fault));
    }

    private static String advice(UpdateFault fault) {
        if (!fault.parameters().isEmpty()) {
            return "The parameters themselves are not finite, "
                    + fault.parameters().get(0).name()
                    + " for one, so no update from here can be: start from other weights, or go on with --resume from an"
                    + " earlier checkpoint";
        }
        return "Lower optimiser.learning_rate (" + fault.learningRate()
                + ") or look for extreme values in rewards and data, and go on with --resume from it or from an earlier"
                + " checkpoint";
    }
}
