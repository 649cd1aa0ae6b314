package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.plan.AddingKernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Sums rows by id, in the order of the rows. ND4J's own unsorted_segment_sum never frees the views it makes of its
 * input, about 300 bytes a row, which a long training run does not survive. Adding to a table only visits the rows that
 * have an id; overwriting it clears all of them first.
 */
record ScatterKernel() implements AddingKernel {
    @Override
    public boolean canAdd(int output) {
        return true;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
        NativeFloats from = new NativeFloats(inputs.get(0));
        INDArray ids = inputs.get(1);
        NativeFloats to = new NativeFloats(outputs.get(0));
        int count = (int) inputs.get(0).size(0);
        int width = (int) inputs.get(0).size(1);
        int rows = (int) outputs.get(0).size(0);
        float[] zeros = new float[width];
        float[] row = new float[width];
        float[] sum = new float[width];
        return () -> {
            if (!addition.addsTo(0)) {
                for (int r = 0; r < rows; r++) {
                    to.write(r * width, zeros, width);
                }
            }
            for (int i = 0; i < count; i++) {
                int at = ids.getInt(i) * width;
                from.read(i * width, row, width);
                to.read(at, sum, width);
                VectorMath.addScaled(sum, 0, row, 0, width, 1);
                to.write(at, sum, width);
            }
        };
    }
}
