package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.grpo4j.framework.plan.AddingKernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@code upstream · weight} with a weight in BFLOAT16 or HALF: a sum over the rows of the weight, some at a time. */
record NarrowLinearGradientKernel() implements AddingKernel {
    @Override
    public boolean canAdd(int output) {
        return true;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
        INDArray weight = inputs.get(1);
        int m = (int) inputs.get(0).size(0);
        Matrix upstream = new Matrix(inputs.get(0), (int) weight.size(0));
        Matrix gradient = new Matrix(outputs.get(0), (int) weight.size(1));
        StoredWeight stored = new StoredWeight(weight);
        return () -> stored.multiplyBack(upstream, m, gradient, addition.addsTo(0));
    }
}
