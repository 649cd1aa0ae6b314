package org.grpo4j.framework.op;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Causal grouped-query attention (Ainslie et al., arXiv 2305.13245). Inputs: queries
 * {@code [batch · time, heads · headDim]}, keys and values {@code [batch · time, kvHeads · headDim]} and optionally a
 * padding bias {@code [batch, time]}, 0 for real tokens and {@link #MASKED} for padding. Query head h reads key head
 * {@code h / (heads / kvHeads)}. Outputs: the mixed values {@code [batch · time, heads · headDim]} and the attention
 * probabilities {@code [batch · kvHeads, (heads / kvHeads) · time, time]}, kept for the gradient.
 *
 * <p>A query with nothing to look at (padding on the left) gets uniform probabilities rather than NaN.
 *
 * @param batch sequences
 * @param time positions a sequence
 * @param heads query heads
 * @param kvHeads key and value heads; divides heads
 * @param headDim size of a head
 */
public record Attention(int batch, int time, int heads, int kvHeads, int headDim) implements DifferentiableOp {
    /** Added to the score of a position that must not be seen: large, but finite so that nothing becomes NaN. */
    public static final double MASKED = -1e9;

    public Attention {
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException("heads (" + heads + ") must be a multiple of kvHeads (" + kvHeads + ")");
        }
    }

    private int group() {
        return heads / kvHeads;
    }

    private double scale() {
        return 1 / Math.sqrt(headDim);
    }

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable queries = splitQueries(inputs.get(0));
        SDVariable keys = splitKeys(inputs.get(1));
        SDVariable values = splitKeys(inputs.get(2));
        SDVariable scores = graph.mmul(queries, keys, false, true, false)
                .mul(scale())
                .reshape((long) batch * kvHeads, group(), time, time)
                .add(causalBias(graph, queries.dataType()));
        if (inputs.size() > 3) {
            SDVariable bias = graph.tile(inputs.get(3).reshape(batch, 1, time), 1, kvHeads, 1);
            scores = scores.add(bias.reshape((long) batch * kvHeads, 1, 1, time));
        }
        SDVariable probabilities = softmax(graph, scores).reshape((long) batch * kvHeads, (long) group() * time, time);
        SDVariable mixed = graph.mmul(probabilities, values);
        return List.of(joinQueries(mixed), probabilities);
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        List<SDVariable> in = call.inputs();
        List<@Nullable SDVariable> gradients = new ArrayList<>(new Gradient(this)
                .applyAll(
                        call.upstreamOfFirst(),
                        in.get(0),
                        in.get(1),
                        in.get(2),
                        call.outputs().get(1)));
        if (in.size() > 3) {
            gradients.add(null);
        }
        return gradients;
    }

    /** {@code [batch · time, heads · headDim]} to {@code [batch · kvHeads, group · time, headDim]}. */
    private SDVariable splitQueries(SDVariable x) {
        return x.reshape(batch, time, kvHeads, group(), headDim)
                .permute(0, 2, 3, 1, 4)
                .reshape((long) batch * kvHeads, (long) group() * time, headDim);
    }

    private SDVariable joinQueries(SDVariable x) {
        return x.reshape(batch, kvHeads, group(), time, headDim)
                .permute(0, 3, 1, 2, 4)
                .reshape((long) batch * time, (long) heads * headDim);
    }

    /** {@code [batch · time, kvHeads · headDim]} to {@code [batch · kvHeads, time, headDim]}. */
    private SDVariable splitKeys(SDVariable x) {
        return x.reshape(batch, time, kvHeads, headDim)
                .permute(0, 2, 1, 3)
                .reshape((long) batch * kvHeads, time, headDim);
    }

    private SDVariable joinKeys(SDVariable x) {
        return x.reshape(batch, kvHeads, time, headDim)
                .permute(0, 2, 1, 3)
                .reshape((long) batch * time, (long) kvHeads * headDim);
    }

    /** ND4J's softmax takes its maximum from 0 upwards in DOUBLE: a row of large negative scores would become NaN. */
    private static SDVariable softmax(SameDiff graph, SDVariable scores) {
        SDVariable safe = scores.dataType() == DataType.DOUBLE ? scores.sub(graph.max(scores, true, 3)) : scores;
        return graph.nn().softmax(safe, 3);
    }

    private SDVariable causalBias(SameDiff graph, DataType type) {
        double[][] bias = new double[time][time];
        for (int query = 0; query < time; query++) {
            Arrays.fill(bias[query], query + 1, time, MASKED);
        }
        return graph.constant(Nd4j.create(bias).castTo(type).reshape(1, 1, time, time));
    }

    /**
     * The gradient: inputs upstream, queries, keys, values and the probabilities of the forward pass; outputs the
     * gradients in queries, keys and values. Masked positions have probability 0 and therefore gradient 0.
     *
     * @param forward the function differentiated
     */
    public record Gradient(Attention forward) implements CompositeOp {
        @Override
        public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
            SDVariable upstream = forward.splitQueries(inputs.get(0));
            SDVariable queries = forward.splitQueries(inputs.get(1));
            SDVariable keys = forward.splitKeys(inputs.get(2));
            SDVariable values = forward.splitKeys(inputs.get(3));
            SDVariable probabilities = inputs.get(4);
            SDVariable dValues = graph.mmul(probabilities, upstream, true, false, false);
            SDVariable dProbabilities = graph.mmul(upstream, values, false, true, false);
            SDVariable weighted = probabilities.mul(dProbabilities);
            SDVariable dScores = weighted.sub(probabilities.mul(graph.sum(weighted, true, 2)))
                    .mul(forward.scale());
            SDVariable dQueries = graph.mmul(dScores, keys);
            SDVariable dKeys = graph.mmul(dScores, queries, true, false, false);
            return List.of(forward.joinQueries(dQueries), forward.joinKeys(dKeys), forward.joinKeys(dValues));
        }
    }
}
