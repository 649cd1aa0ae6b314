package org.grpo4j.training.trainer;

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

    static void write(INDArray array, float[] values) {
        HostMemory memory = new HostMemory(array);
        memory.write(0, values);
        memory.publish();
    }
}
