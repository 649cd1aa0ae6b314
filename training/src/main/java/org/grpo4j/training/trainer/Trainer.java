package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;

/** A training run, supervised or by reinforcement. */
public interface Trainer extends AutoCloseable {

    /**
     * Takes up the state of a checkpoint, so that the run goes on as if it had never stopped. What {@link
     * ResumePoint#find} gives has been checked for damage, a folder of the caller's has not.
     */
    void resume(Path checkpoint);

    /** Steps behind this run. */
    int stepsDone();

    /** Runs to the last step and writes the final checkpoint. */
    default void run(TrainingListener listener) throws IOException {
        run(listener, new StopRequest());
    }

    /**
     * Runs to the last step and writes the final checkpoint; or, if it is asked to stop, to the end of the present step and
     * writes a checkpoint of that.
     *
     * @throws IllegalStateException if too many updates in a row were not finite
     */
    RunEnd run(TrainingListener listener, StopRequest stop) throws IOException;

    @Override
    void close();
}
