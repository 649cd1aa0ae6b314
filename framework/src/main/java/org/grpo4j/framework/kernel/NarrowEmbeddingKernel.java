package org.grpo4j.framework.kernel;

import java.util.List;
import java.util.Objects;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rows of a table in BFLOAT16 or HALF by id, widened. */
record NarrowEmbeddingKernel() implements Kernel {
    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray table = inputs.get(0);
        INDArray ids = inputs.get(1);
        NarrowValues values = new NarrowValues(table);
        NativeFloats out = new NativeFloats(outputs.get(0));
        int rows = (int) table.size(0);
        int width = (int) table.size(1);
        int count = (int) ids.length();
        short[] bits = new short[VectorMath.padded(width)];
        float[] row = new float[VectorMath.padded(width)];
        return () -> {
            for (int i = 0; i < count; i++) {
                int id = Objects.checkIndex(ids.getInt(i), rows);
                values.widen(id * width, bits, row, width);
                out.write(i * width, row, width);
            }
        };
    }
}
