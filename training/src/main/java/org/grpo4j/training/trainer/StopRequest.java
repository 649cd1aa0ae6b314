package org.grpo4j.training.trainer;

/** Asks a run to stop after the step it is in, with a checkpoint. May be asked from any thread. */
public final class StopRequest {
    private volatile boolean requested;

    public void request() {
        requested = true;
    }

    public boolean isRequested() {
        return requested;
    }
}
