package org.grpo4j.models.generate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.HostMemory;
import org.grpo4j.framework.kernel.Kernels;
import org.grpo4j.framework.kernel.PackedWeights;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.DecoderGraph;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.decoder.Rotary;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The plan of one decoding step for the first rows of a cache: logits, keys and values of one more token a row. */
final class DecodePlan implements AutoCloseable {
    private final int rows;
    private final Plan plan;
    private final HostMemory logits;
    private final List<HostMemory> newKeys = new ArrayList<>();
    private final List<HostMemory> newValues = new ArrayList<>();

    /**
     * Compiles the plan.
     *
     * @param team that runs the plan, or null for the calling thread alone
     * @param packed copies of the weights, or null to read the weights themselves
     */
    DecodePlan(
            DecoderModel model,
            KeyValueCache cache,
            int rows,
            int capacity,
            @Nullable Team team,
            @Nullable PackedWeights packed) {
        this.rows = rows;
        DecoderConfig config = model.config();
        SameDiff graph = Graphs.create();
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, rows);
        SDVariable positions = graph.placeHolder("positions", DataType.INT32, rows);
        Rotary rotary = Rotary.at(graph, config, positions, rows, capacity, DataType.FLOAT);
        CachedAttention attention =
                new CachedAttention(rows, capacity, config.heads(), config.kvHeads(), config.headDim());
        Map<String, INDArray> bound = new HashMap<>();
        List<String> keyNames = new ArrayList<>();
        List<String> valueNames = new ArrayList<>();
        DecoderGraph decoder = new DecoderGraph(graph, model);
        SDVariable hidden = decoder.hidden(ids, rotary, (layer, q, k, v) -> {
            keyNames.add(k.name());
            valueNames.add(v.name());
            SDVariable cachedKeys = cached(graph, "keys." + layer, cache.keys(layer, rows), bound);
            SDVariable cachedValues = cached(graph, "values." + layer, cache.values(layer, rows), bound);
            return attention.apply(q, k, v, cachedKeys, cachedValues, positions);
        });
        SDVariable out = decoder.logits(hidden);
        List<String> outputs = new ArrayList<>(keyNames);
        outputs.addAll(valueNames);
        outputs.add(out.name());
        this.plan = Plan.compile(graph, outputs, bound, Kernels.available(team, packed));
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

    /**
     * Runs the step.
     *
     * @param ids the newest token of each row
     * @param positions how many tokens of each row the cache holds
     */
    void run(int[] ids, int[] positions) {
        // Written by index: setData would take the whole array, which has as many entries as the largest plan has rows.
        for (int row = 0; row < rows; row++) {
            plan.input("ids").data().put(row, ids[row]);
            plan.input("positions").data().put(row, positions[row]);
        }
        plan.run();
        logits.fetch();
        newKeys.forEach(HostMemory::fetch);
        newValues.forEach(HostMemory::fetch);
    }

    /** Reads the keys and values that {@link #run} computed in one layer, each {@code [rows, kvHeads · headDim]}. */
    void readNew(int layer, float[] keys, float[] values) {
        newKeys.get(layer).read(0, keys);
        newValues.get(layer).read(0, values);
    }

    /** Reads the logits of a row after {@link #run}; several threads may read at once. */
    void readLogits(int row, float[] target) {
        logits.readShared(row * target.length, target);
    }

    @Override
    public void close() {
        plan.close();
    }
}
