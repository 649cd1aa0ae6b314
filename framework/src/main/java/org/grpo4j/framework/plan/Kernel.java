package org.grpo4j.framework.plan;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A faster way to compute a whole function of the graph than the plain ops of its body. */
@FunctionalInterface
public interface Kernel {
    /**
     * Prepares one call.
     *
     * @param inputs c-ordered arrays, in the order of the function's inputs
     * @param outputs c-ordered arrays to overwrite; they share no memory with each other, and with inputs only where
     *     {@link #mayOverwrite} allows it; where
     *     {@link #scratchLength} is not 0, one more array of that length comes last, which holds nothing from call to call
     * @return what to run for every execution; must not allocate native memory
     */
    Runnable bind(List<INDArray> inputs, List<INDArray> outputs);

    /** How many FLOAT numbers a call needs for itself. */
    default long scratchLength() {
        return 0;
    }

    /**
     * Whether an output may lie exactly where an input lies, because no number of that input is read after the output's
     * number at its place is written.
     */
    default boolean mayOverwrite(int output, int input) {
        return false;
    }
}
