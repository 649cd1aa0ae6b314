package org.grpo4j.framework.op;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Attention of one new token a row over a cache and over itself, for decoding. Inputs: queries
 * {@code [rows, heads · headDim]}, keys and values of the new tokens {@code [rows, kvHeads · headDim]}, cached keys
 * {@code [rows, kvHeads, capacity / TILE, headDim, TILE]}, cached values {@code [rows, kvHeads, capacity, headDim]} and
 * the number of slots in use {@code [rows]} INT32, which is the position of the new token. Output
 * {@code [rows, heads · headDim]}. The cache is not changed: the new keys and values are written to it by whoever owns
 * it.
 *
 * <p>Keys lie in tiles of {@value #TILE} slots with the slots innermost, so that a vector of scores is a sum of vectors
 * and needs no sum across lanes.
 *
 * @param rows sequences decoded together
 * @param capacity slots of the cache, a multiple of {@value #TILE}
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim size of a head
 */
public record CachedAttention(int rows, int capacity, int heads, int kvHeads, int headDim) implements CompositeOp {
    /** Slots of a tile of keys: one vector of the widest machines, whole vectors of the others. */
    public static final int TILE = 16;

    public CachedAttention {
        if (capacity % TILE != 0) {
            throw new IllegalArgumentException("capacity is " + capacity + "; it must be a multiple of " + TILE);
        }
    }

    /** The same for another number of rows. */
    public CachedAttention withRows(int newRows) {
        return new CachedAttention(newRows, capacity, heads, kvHeads, headDim);
    }

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        int group = heads / kvHeads;
        long pairs = (long) rows * kvHeads;
        double scale = 1 / Math.sqrt(headDim);
        SDVariable queries = inputs.get(0).reshape(pairs, group, headDim).mul(scale);
        SDVariable newKeys = inputs.get(1).reshape(pairs, 1, headDim);
        SDVariable newValues = inputs.get(2).reshape(pairs, 1, headDim);
        SDVariable cachedKeys = graph.permute(inputs.get(3).reshape(pairs, capacity / TILE, headDim, TILE), 0, 2, 1, 3)
                .reshape(pairs, headDim, capacity);
        SDVariable cachedValues = inputs.get(4).reshape(pairs, capacity, headDim);
        SDVariable cachedScores = graph.mmul(queries, cachedKeys)
                .reshape(rows, kvHeads, group, capacity)
                .add(bias(graph, inputs.get(5), queries.dataType()))
                .reshape(pairs, group, capacity);
        SDVariable newScores = graph.sum(queries.mul(newKeys), true, 2);
        SDVariable probabilities = graph.nn().softmax(graph.concat(2, cachedScores, newScores), 2);
        SDVariable ofCache = graph.slice(probabilities, new int[] {0, 0, 0}, (int) pairs, group, capacity);
        SDVariable ofNew = graph.slice(probabilities, new int[] {0, 0, capacity}, (int) pairs, group, 1);
        SDVariable mixed = graph.mmul(ofCache, cachedValues).add(ofNew.mul(newValues));
        return List.of(mixed.reshape(rows, (long) heads * headDim));
    }

    /** 0 for slots below the number in use, {@link Attention#MASKED} from there on. */
    private SDVariable bias(SameDiff graph, SDVariable used, DataType type) {
        SDVariable slots = graph.constant(Nd4j.arange(capacity).castTo(type).reshape(1, capacity));
        SDVariable unused = graph.gte(slots, used.castTo(type).reshape(rows, 1));
        return unused.castTo(type).mul(Attention.MASKED).reshape(rows, 1, 1, capacity);
    }
}
