package org.grpo4j.framework.plan;

import java.util.List;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A function that a kernel computes. */
record KernelNode(String opName, Object function, Kernel kernel, List<String> inputs, List<String> outputs)
        implements PlanNode {
    @Override
    public PlanNode withNames(List<String> inputs, List<String> outputs) {
        return new KernelNode(opName, function, kernel, inputs, outputs);
    }

    @Override
    public boolean isReshape() {
        return false;
    }

    @Override
    public long scratchLength() {
        return kernel.scratchLength();
    }

    @Override
    public boolean mayOverwrite(int output, int input, List<Shape> inputShapes, Shape outputShape) {
        return kernel.mayOverwrite(output, input);
    }

    @Override
    public Runnable bind(List<INDArray> in, List<INDArray> out) {
        return kernel.bind(in, out);
    }
}
