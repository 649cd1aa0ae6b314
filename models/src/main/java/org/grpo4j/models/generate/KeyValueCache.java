package org.grpo4j.models.generate;

import java.util.ArrayList;
import java.util.List;
import org.grpo4j.framework.HostMemory;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Keys and values of the tokens so far, laid out as {@link CachedAttention} reads them: for each layer keys
 * {@code [rows, kvHeads, capacity / TILE, headDim, TILE]} and values {@code [rows, kvHeads, capacity, headDim]}.
 */
final class KeyValueCache implements AutoCloseable {
    private static final int TILE = CachedAttention.TILE;

    private final int capacity;
    private final int kvHeads;
    private final int headDim;
    private final List<INDArray> arrays = new ArrayList<>();
    private final List<HostMemory> keys = new ArrayList<>();
    private final List<HostMemory> values = new ArrayList<>();

    /** @param capacity tokens a row can hold, a multiple of {@link CachedAttention#TILE} */
    KeyValueCache(DecoderConfig config, int rows, int capacity) {
        this.capacity = capacity;
        this.kvHeads = config.kvHeads();
        this.headDim = config.headDim();
        for (int layer = 0; layer < config.layers(); layer++) {
            // Zeros, not whatever memory holds: a masked slot still takes part in a product with probability 0.
            INDArray keysOfLayer = Nd4j.zeros(DataType.FLOAT, rows, kvHeads, capacity / TILE, headDim, TILE);
            INDArray valuesOfLayer = Nd4j.zeros(DataType.FLOAT, rows, kvHeads, capacity, headDim);
            arrays.add(keysOfLayer);
            arrays.add(valuesOfLayer);
            keys.add(new HostMemory(keysOfLayer));
            values.add(new HostMemory(valuesOfLayer));
        }
    }

    /** The keys of the first {@code rows} rows. */
    INDArray keys(int layer, int rows) {
        return arrays.get(2 * layer).get(NDArrayIndex.interval(0, rows));
    }

    /** The values of the first {@code rows} rows. */
    INDArray values(int layer, int rows) {
        return arrays.get(2 * layer + 1).get(NDArrayIndex.interval(0, rows));
    }

    /** Numbers of a token's keys, or of its values, in one layer. */
    int tokenSize() {
        return kvHeads * headDim;
    }

    /** Stores a token's keys and values in one layer, each {@link #tokenSize} numbers from {@code from} on. */
    void write(int layer, int row, int position, float[] newKeys, float[] newValues, int from) {
        for (int head = 0; head < kvHeads; head++) {
            int source = from + head * headDim;
            int at = firstOf(row, head);
            int tile = at + position / TILE * TILE * headDim + position % TILE;
            keys.get(layer).scatter(tile, TILE, newKeys, source, headDim);
            values.get(layer).write(at + position * headDim, newValues, source, headDim);
        }
    }

    /** Copies the first {@code length} tokens of a row to another row. */
    void copyRow(int from, int to, int length) {
        int tiles = (length + TILE - 1) / TILE;
        for (int layer = 0; layer < keys.size(); layer++) {
            HostMemory keysOfLayer = keys.get(layer);
            HostMemory valuesOfLayer = values.get(layer);
            for (int head = 0; head < kvHeads; head++) {
                int source = firstOf(from, head);
                int target = firstOf(to, head);
                keysOfLayer.copyTo(source, keysOfLayer, target, tiles * TILE * headDim);
                valuesOfLayer.copyTo(source, valuesOfLayer, target, length * headDim);
            }
        }
    }

    private int firstOf(int row, int head) {
        return (row * kvHeads + head) * capacity * headDim;
    }

    /** Makes what was written visible to plans. */
    void publish() {
        keys.forEach(HostMemory::publish);
        values.forEach(HostMemory::publish);
    }

    @Override
    public void close() {
        arrays.forEach(INDArray::close);
        arrays.clear();
    }
}
