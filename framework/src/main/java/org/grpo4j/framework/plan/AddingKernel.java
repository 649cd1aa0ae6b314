package org.grpo4j.framework.plan;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A kernel that can add to what some of its output arrays hold instead of overwriting them, so that a sum over
 * micro-batches needs neither an array for the addend nor a pass to add it.
 */
public interface AddingKernel extends Kernel {
    /** Whether this kernel can add to the output of this index. */
    boolean canAdd(int output);

    /**
     * Prepares one call that adds to some outputs.
     *
     * @param inputs as for {@link Kernel#bind(List, List)}
     * @param outputs as for {@link Kernel#bind(List, List)}
     * @param addition asked in every run which outputs to add to; the others are overwritten
     */
    Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition);

    @Override
    default Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        return bind(inputs, outputs, output -> false);
    }

    /** Which outputs hold a sum to be added to, at the moment of asking. */
    @FunctionalInterface
    interface Addition {
        /** Whether to add to the output of this index, rather than overwrite it. */
        boolean addsTo(int output);
    }
}
