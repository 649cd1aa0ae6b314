package org.grpo4j.framework.plan;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A function that a kernel computes. */
record KernelNode(String opName, Kernel kernel, List<String> inputs, List<String> outputs) implements PlanNode {
    @Override
    public boolean isReshape() {
        return false;
    }

    @Override
    public boolean isElementwise() {
        return false;
    }

    @Override
    public Runnable bind(List<INDArray> in, List<INDArray> out) {
        return kernel.bind(in, out);
    }
}
