package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A kernel that needs memory for itself during a call, which the plan places among its results. */
record WithScratch(Kernel kernel, long scratchLength) implements Kernel {
    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        return kernel.bind(inputs, outputs);
    }
}
