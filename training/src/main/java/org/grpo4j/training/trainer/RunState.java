package org.grpo4j.training.trainer;

/**
 * Where a run is. All random choices derive from the seed and these numbers.
 *
 * @param step steps done
 * @param dataPosition rows of the data used so far, over all epochs: the next step begins there
 */
record RunState(int step, long dataPosition) {
    static final RunState START = new RunState(0, 0);
}
