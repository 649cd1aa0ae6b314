package org.grpo4j.framework.kernel;

import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Sums rows by id, the gradient of an embedding. ND4J's own op loses native memory at every call. */
final class ScatterKernel {
    private ScatterKernel() {}

    static Kernel of() {
        return (inputs, outputs) -> {
            NativeFloats rows = new NativeFloats(inputs.get(0));
            INDArray ids = inputs.get(1);
            NativeFloats table = new NativeFloats(outputs.get(0));
            int count = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            int tableRows = (int) outputs.get(0).size(0);
            float[] zeros = new float[width];
            float[] row = new float[width];
            float[] sum = new float[width];
            return () -> {
                for (int r = 0; r < tableRows; r++) {
                    table.write(r * width, zeros, width);
                }
                for (int r = 0; r < count; r++) {
                    int at = ids.getInt(r) * width;
                    rows.read(r * width, row, width);
                    table.read(at, sum, width);
                    VectorMath.addScaled(sum, 0, row, 0, width, 1f);
                    table.write(at, sum, width);
                }
            };
        };
    }
}
