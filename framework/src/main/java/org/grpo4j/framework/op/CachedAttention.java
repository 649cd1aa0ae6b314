package org.grpo4j.framework.op;

import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Attention of one new token a row over a cache and over itself, for decoding. Inputs: queries
 * {@code [rows, heads · headDim]}, keys and values of the new tokens {@code [rows, kvHeads · headDim]}, cached keys and
 * values {@code [rows, kvHeads, capacity, headDim]}, and a bias {@code [rows, capacity]}, 0 for slots in use and
 * {@link Attention#MASKED} for the others. Output {@code [rows, heads · headDim]}. The cache is not changed: the new
 * keys and values are written to it by whoever owns it.
 *
 * @param rows sequences decoded together
 * @param capacity slots of the cache
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param headDim size of a head
 */
public record CachedAttention(int rows, int capacity, int heads, int kvHeads, int headDim) implements CompositeOp {
    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        int group = heads / kvHeads;
        long pairs = (long) rows * kvHeads;
        double scale = 1 / Math.sqrt(headDim);
        SDVariable queries = inputs.get(0).reshape(pairs, group, headDim).mul(scale);
        SDVariable newKeys = inputs.get(1).reshape(pairs, 1, headDim);
        SDVariable newValues = inputs.get(2).reshape(pairs, 1, headDim);
        SDVariable cachedKeys = inputs.get(3).reshape(pairs, capacity, headDim);
        SDVariable cachedValues = inputs.get(4).reshape(pairs, capacity, headDim);
        SDVariable bias = inputs.get(5).reshape(rows, 1, 1, capacity);
        SDVariable cachedScores = graph.mmul(queries, cachedKeys, false, true, false)
                .reshape(rows, kvHeads, group, capacity)
                .add(bias)
                .reshape(pairs, group, capacity);
        SDVariable newScores = graph.sum(queries.mul(newKeys), true, 2);
        SDVariable probabilities = graph.nn().softmax(graph.concat(2, cachedScores, newScores), 2);
        SDVariable ofCache = graph.slice(probabilities, new int[] {0, 0, 0}, (int) pairs, group, capacity);
        SDVariable ofNew = graph.slice(probabilities, new int[] {0, 0, capacity}, (int) pairs, group, 1);
        SDVariable mixed = graph.mmul(ofCache, cachedValues).add(ofNew.mul(newValues));
        return List.of(mixed.reshape(rows, (long) heads * headDim));
    }
}
