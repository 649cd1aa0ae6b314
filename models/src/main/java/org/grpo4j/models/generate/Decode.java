package org.grpo4j.models.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.HostMemory;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.kernel.Kernels;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.DecoderGraph;
import org.grpo4j.models.decoder.Rotary;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One decoding step for a fixed number of rows, each at its own position in its own text. */
final class Decode implements AutoCloseable {
    private final DecoderConfig config;
    private final int rows;
    private final int capacity;
    private final KeyValueCache cache;
    private final Plan plan;
    private final HostMemory bias;
    private final HostMemory logits;
    private final List<HostMemory> newKeys = new ArrayList<>();
    private final List<HostMemory> newValues = new ArrayList<>();
    private final int[] ids;
    private final int[] positions;

    Decode(DecoderConfig config, ParameterStore parameters, int rows, int capacity) {
        this.config = config;
        this.rows = rows;
        this.capacity = capacity;
        this.ids = new int[rows];
        this.positions = new int[rows];
        this.cache = new KeyValueCache(config, rows, capacity);
        SameDiff graph = SameDiff.create();
        SDVariable idsIn = graph.placeHolder("ids", DataType.INT32, rows);
        SDVariable positionsIn = graph.placeHolder("positions", DataType.INT32, rows);
        SDVariable biasIn = graph.placeHolder("bias", DataType.FLOAT, rows, capacity);
        Rotary rotary = Rotary.at(graph, config, positionsIn, rows, capacity, DataType.FLOAT);
        CachedAttention attention =
                new CachedAttention(rows, capacity, config.heads(), config.kvHeads(), config.headDim());
        Map<String, INDArray> bound = new HashMap<>();
        List<String> keyNames = new ArrayList<>();
        List<String> valueNames = new ArrayList<>();
        DecoderGraph decoder = new DecoderGraph(graph, config, parameters);
        SDVariable hidden = decoder.hidden(idsIn, rotary, (layer, q, k, v) -> {
            keyNames.add(k.name());
            valueNames.add(v.name());
            SDVariable cachedKeys = cached(graph, "keys." + layer, cache.keys(layer), bound);
            SDVariable cachedValues = cached(graph, "values." + layer, cache.values(layer), bound);
            return attention.apply(q, k, v, cachedKeys, cachedValues, biasIn);
        });
        SDVariable out = decoder.logits(hidden);
        List<String> outputs = new ArrayList<>(keyNames);
        outputs.addAll(valueNames);
        outputs.add(out.name());
        this.plan = Plan.compile(graph, outputs, bound, Kernels.available());
        this.bias = new HostMemory(plan.input("bias"));
        this.logits = new HostMemory(plan.output(out.name()));
        keyNames.forEach(name -> newKeys.add(new HostMemory(plan.output(name))));
        valueNames.forEach(name -> newValues.add(new HostMemory(plan.output(name))));
    }

    private static SDVariable cached(SameDiff graph, String name, INDArray array, Map<String, INDArray> bound) {
        bound.put(name, array);
        return graph.placeHolder(name, array.dataType(), array.shape());
    }

    int rows() {
        return rows;
    }

    int capacity() {
        return capacity;
    }

    /** Begins a new text in a row: the first {@code length} tokens of prompt {@code promptRow}. */
    void start(int row, Prefill prefill, int promptRow, int length) {
        prefill.copyInto(cache, row, promptRow, length);
        float[] slots = new float[capacity];
        Arrays.fill(slots, length, capacity, (float) Attention.MASKED);
        bias.write((long) row * capacity, slots);
        positions[row] = length;
    }

    /** Sets the token a row goes on with. */
    void setToken(int row, int id) {
        ids[row] = id;
    }

    /** Computes the next logits of all rows and appends their tokens to the cache. */
    void step(boolean[] active) {
        plan.input("ids").data().setData(ids);
        plan.input("positions").data().setData(positions);
        cache.publish();
        bias.publish();
        plan.run();
        logits.fetch();
        newKeys.forEach(HostMemory::fetch);
        newValues.forEach(HostMemory::fetch);
        long stride = (long) config.kvHeads() * config.headDim();
        for (int row = 0; row < rows; row++) {
            if (active[row]) {
                for (int layer = 0; layer < config.layers(); layer++) {
                    cache.write(layer, row, positions[row], newKeys.get(layer), newValues.get(layer), row * stride);
                }
                bias.write((long) row * capacity + positions[row], 0f);
                positions[row]++;
            }
        }
    }

    /** Reads the logits of a row after {@link #step}. */
    void readLogits(int row, float[] target) {
        logits.read((long) row * target.length, target);
    }

    @Override
    public void close() {
        plan.close();
        cache.close();
    }
}
