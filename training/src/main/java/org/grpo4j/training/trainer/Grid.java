package org.grpo4j.training.trainer;

import java.util.List;
import org.grpo4j.framework.HostMemory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Reads and writes the {@code [rows, completionTime]} arrays of a plan as flat Java arrays, row after row. */
final class Grid {
    private Grid() {}

    static float[] read(INDArray array) {
        float[] values = new float[(int) array.length()];
        HostMemory memory = new HostMemory(array);
        memory.fetch();
        memory.read(0, values);
        return values;
    }

    /** Rows of different lengths, one completion each, in a grid of a shape; zero beyond them. */
    static float[] of(List<float[]> rows, MicroBatch.Shape shape) {
        float[] grid = new float[shape.rows() * shape.completionTime()];
        for (int row = 0; row < rows.size(); row++) {
            float[] values = rows.get(row);
            System.arraycopy(values, 0, grid, row * shape.completionTime(), values.length);
        }
        return grid;
    }

    static void write(INDArray array, float[] values) {
        HostMemory memory = new HostMemory(array);
        memory.write(0, values);
        memory.publish();
    }
}
