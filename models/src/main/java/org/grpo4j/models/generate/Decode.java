package org.grpo4j.models.generate;

import java.util.Map;
import java.util.TreeMap;
import org.grpo4j.framework.kernel.PackedWeights;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.plan.Team;
import org.grpo4j.models.decoder.DecoderModel;
import org.jspecify.annotations.Nullable;

/**
 * Rows that decode together, each at its own position in its own text. A step runs the smallest of a few plans that
 * covers the rows in use, each half the size of the next; all work on one cache.
 */
final class Decode implements AutoCloseable {
    private final DecoderModel model;
    private final int rows;
    private final int capacity;
    private final @Nullable Team team;
    private final @Nullable PackedWeights packed;
    private final KeyValueCache cache;
    private final Map<Integer, DecodePlan> plans = new TreeMap<>();
    private final int[] ids;
    private final int[] positions;
    private @Nullable DecodePlan last;

    /**
     * Takes the cache's memory.
     *
     * @param team that runs the steps, or null for the calling thread alone
     * @param packed copies of the weights, or null to read the weights themselves
     */
    Decode(DecoderModel model, int rows, int capacity, @Nullable Team team, @Nullable PackedWeights packed) {
        this.model = model;
        this.rows = rows;
        this.capacity = (capacity + CachedAttention.TILE - 1) / CachedAttention.TILE * CachedAttention.TILE;
        this.team = team;
        this.packed = packed;
        this.ids = new int[rows];
        this.positions = new int[rows];
        this.cache = new KeyValueCache(model.config(), rows, this.capacity);
    }

    int rows() {
        return rows;
    }

    int capacity() {
        return capacity;
    }

    /** Rows of the plan that a step over the first {@code inUse} rows runs. */
    int planRows(int inUse) {
        int size = rows;
        while (size / 2 >= inUse) {
            size /= 2;
        }
        return size;
    }

    /** Begins a new text in a row: the first {@code length} tokens of prompt {@code promptRow}. */
    void start(int row, Prefill prefill, int promptRow, int length) {
        prefill.copyInto(cache, row, promptRow, length);
        positions[row] = length;
    }

    /** Sets the token a row goes on with. */
    void setToken(int row, int id) {
        ids[row] = id;
    }

    /** Moves the text of a row to another row. */
    void move(int from, int to) {
        cache.copyRow(from, to, positions[from]);
        positions[to] = positions[from];
        ids[to] = ids[from];
    }

    /**
     * Computes the next logits of the first {@code inUse} rows and appends the tokens of the active ones to the cache.
     *
     * @param active which rows are at work; the others are computed if the plan has them, and ignored
     */
    void step(boolean[] active, int inUse) {
        DecodePlan plan = plans.computeIfAbsent(
                planRows(inUse), size -> new DecodePlan(model, cache, size, capacity, team, packed));
        last = plan;
        cache.publish();
        plan.run(ids, positions);
        append(plan, active);
    }

    private void append(DecodePlan plan, boolean[] active) {
        int size = cache.tokenSize();
        float[] keys = new float[plan.rows() * size];
        float[] values = new float[plan.rows() * size];
        for (int layer = 0; layer < model.config().layers(); layer++) {
            plan.readNew(layer, keys, values);
            for (int row = 0; row < plan.rows(); row++) {
                if (active[row]) {
                    cache.write(layer, row, positions[row], keys, values, row * size);
                }
            }
        }
        for (int row = 0; row < plan.rows(); row++) {
            positions[row] += active[row] ? 1 : 0;
        }
    }

    /** Reads the logits of a row after {@link #step}; several threads may read at once. */
    void readLogits(int row, float[] target) {
        if (last == null) {
            throw new IllegalStateException("no step was made yet");
        }
        last.readLogits(row, target);
    }

    @Override
    public void close() {
        plans.values().forEach(DecodePlan::close);
        plans.clear();
        cache.close();
    }
}
