package org.grpo4j.models.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.HostMemory;
import org.grpo4j.framework.kernel.Kernels;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.op.Graphs;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.decoder.DecoderGraph;
import org.grpo4j.models.decoder.DecoderModel;
import org.grpo4j.models.decoder.Rotary;
import org.grpo4j.models.decoder.SequenceShape;
import org.grpo4j.models.decoder.TokenRows;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Runs whole prompts at once: keys and values of every layer and the logits after each prompt's last token. */
final class Prefill implements AutoCloseable {
    private final int rows;
    private final int time;
    private final Plan plan;
    private final List<HostMemory> keys = new ArrayList<>();
    private final List<HostMemory> values = new ArrayList<>();
    private final HostMemory logits;

    /**
     * Compiles the plan.
     *
     * @param rows prompts run together
     * @param time longest prompt, in tokens
     * @param team that runs the plan, or null for the calling thread alone
     */
    Prefill(DecoderModel model, int rows, int time, @Nullable Team team) {
        this.rows = rows;
        this.time = time;
        DecoderConfig config = model.config();
        SameDiff graph = Graphs.create();
        int tokens = rows * time;
        SDVariable ids = graph.placeHolder("ids", DataType.INT32, tokens);
        SDVariable last = graph.placeHolder("last", DataType.INT32, rows);
        SDVariable positions = graph.constant(Nd4j.createFromArray(new SequenceShape(rows, time).countedPositions()));
        Rotary rotary = Rotary.at(
                graph, config, positions, tokens, time, model.parameters().dataType());
        Attention attention = new Attention(rows, time, config.heads(), config.kvHeads(), config.headDim());
        DecoderGraph decoder = new DecoderGraph(graph, model);
        List<String> keyNames = new ArrayList<>();
        List<String> valueNames = new ArrayList<>();
        SDVariable hidden = decoder.hidden(ids, rotary, (layer, q, k, v) -> {
            keyNames.add(k.name());
            valueNames.add(v.name());
            return attention.apply(q, k, v);
        });
        SDVariable logitsOfLast = decoder.logits(graph.gather(hidden, last, 0));
        List<String> outputs = new ArrayList<>(keyNames);
        outputs.addAll(valueNames);
        outputs.add(logitsOfLast.name());
        this.plan = Plan.compile(graph, outputs, Map.of(), Kernels.available(team));
        keyNames.forEach(name -> keys.add(new HostMemory(plan.output(name))));
        valueNames.forEach(name -> values.add(new HostMemory(plan.output(name))));
        this.logits = new HostMemory(plan.output(logitsOfLast.name()));
    }

    int rows() {
        return rows;
    }

    int time() {
        return time;
    }

    /** Runs up to {@link #rows} prompts, each no longer than {@link #time}. */
    void run(List<int[]> prompts) {
        TokenRows.fill(plan.input("ids"), prompts, time);
        int[] last = new int[rows];
        for (int row = 0; row < prompts.size(); row++) {
            last[row] = row * time + prompts.get(row).length - 1;
        }
        plan.input("last").data().setData(last);
        plan.run();
        keys.forEach(HostMemory::fetch);
        values.forEach(HostMemory::fetch);
        logits.fetch();
    }

    /** Reads the logits after the last token of prompt {@code row}. */
    void readLogits(int row, float[] target) {
        logits.read((long) row * target.length, target);
    }

    /** Copies the keys and values of the first {@code length} tokens of prompt {@code row} into a row of a cache. */
    void copyInto(KeyValueCache cache, int cacheRow, int row, int length) {
        int size = cache.tokenSize();
        float[] promptKeys = new float[length * size];
        float[] promptValues = new float[length * size];
        long from = (long) row * time * size;
        for (int layer = 0; layer < keys.size(); layer++) {
            keys.get(layer).read(from, promptKeys);
            values.get(layer).read(from, promptValues);
            for (int t = 0; t < length; t++) {
                cache.write(layer, cacheRow, t, promptKeys, promptValues, t * size);
            }
        }
    }

    @Override
    public void close() {
        plan.close();
    }
}
