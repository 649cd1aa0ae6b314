package org.grpo4j.framework.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory that several plans of one thread share, because only one of them runs at a time: it is as large as the largest
 * of them needs, however many there are. What a plan has computed is valid until any plan of the arena runs.
 *
 * <p>When a plan needs more than there is, the arena is replaced by a larger one and the plans that lie in it are closed
 * ({@link Plan#isClosed}); whoever needs one again compiles it again.
 */
public final class Arena implements AutoCloseable {
    private final Map<DataType, INDArray> blocks = new EnumMap<>(DataType.class);
    private final List<Plan> plans = new ArrayList<>();

    /** Blocks of at least these lengths, by type. */
    Map<DataType, INDArray> reserve(Map<DataType, Long> lengths) {
        boolean fits = lengths.entrySet().stream().allMatch(entry -> {
            INDArray block = blocks.get(entry.getKey());
            return block != null && block.length() >= entry.getValue();
        });
        if (!fits) {
            closePlans();
            lengths.forEach(this::grow);
        }
        return blocks;
    }

    private void grow(DataType type, long length) {
        INDArray block = blocks.get(type);
        if (block != null && block.length() >= length) {
            return;
        }
        if (block != null) {
            block.close();
        }
        blocks.put(type, Nd4j.createUninitialized(type, length));
    }

    void add(Plan plan) {
        plans.removeIf(Plan::isClosed);
        plans.add(plan);
    }

    /** Bytes of the memory. */
    public long bytes() {
        return blocks.values().stream()
                .mapToLong(block -> block.length() * block.dataType().width())
                .sum();
    }

    private void closePlans() {
        plans.forEach(Plan::close);
        plans.clear();
    }

    /** Closes the plans and frees the memory. */
    @Override
    public void close() {
        closePlans();
        blocks.values().forEach(INDArray::close);
        blocks.clear();
    }
}
