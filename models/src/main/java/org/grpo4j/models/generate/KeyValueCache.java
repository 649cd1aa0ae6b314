package org.grpo4j.models.generate;

import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.HostMemory;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Keys and values of the tokens so far: for each layer two arrays {@code [rows, kvHeads, capacity, headDim]}. */
final class KeyValueCache implements AutoCloseable {
    private final int capacity;
    private final int kvHeads;
    private final int headDim;
    private final List<INDArray> arrays = new ArrayList<>();
    private final List<HostMemory> memory = new ArrayList<>();

    KeyValueCache(DecoderConfig config, int rows, int capacity) {
        this.capacity = capacity;
        this.kvHeads = config.kvHeads();
        this.headDim = config.headDim();
        for (int i = 0; i < 2 * config.layers(); i++) {
            // Zeros, not whatever memory holds: a masked slot still takes part in a product with probability 0.
            INDArray array = Nd4j.zeros(DataType.FLOAT, rows, kvHeads, capacity, headDim);
            arrays.add(array);
            memory.add(new HostMemory(array));
        }
    }

    INDArray keys(int layer) {
        return arrays.get(2 * layer);
    }

    INDArray values(int layer) {
        return arrays.get(2 * layer + 1);
    }

    /** Stores one token's key and value, each {@code kvHeads · headDim} numbers from element {@code from} on. */
    void write(int layer, int row, int position, HostMemory keys, HostMemory values, long from) {
        for (int head = 0; head < kvHeads; head++) {
            long to = (((long) row * kvHeads + head) * capacity + position) * headDim;
            long source = from + (long) head * headDim;
            keys.copyTo(source, memory.get(2 * layer), to, headDim);
            values.copyTo(source, memory.get(2 * layer + 1), to, headDim);
        }
    }

    /** Makes what was written visible to plans. */
    void publish() {
        memory.forEach(HostMemory::publish);
    }

    @Override
    public void close() {
        arrays.forEach(INDArray::close);
        arrays.clear();
    }
}
