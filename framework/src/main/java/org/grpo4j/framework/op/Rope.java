package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * Rotary position embedding with the half rotation of Hugging Face's {@code rotate_half} (Su et al., arXiv 2104.09864):
 * inputs x {@code [n, heads · headDim]}, cosines and sines {@code [n, headDim / 2]} of each row's position; in each
 * head, dimension i is rotated with dimension {@code i + headDim / 2}.
 *
 * @param rows number of rows n
 * @param heads heads a row
 * @param headDim even size of a head
 * @param backwards rotates by the negative angle, which is the gradient of the rotation
 */
public record Rope(int rows, int heads, int headDim, boolean backwards) implements DifferentiableOp {
    public Rope {
        if (headDim % 2 != 0) {
            throw new IllegalArgumentException("headDim must be even for a rotary embedding, not " + headDim);
        }
    }

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        int half = headDim / 2;
        SDVariable x = inputs.get(0).reshape(rows, heads, headDim);
        SDVariable cos = inputs.get(1).reshape(rows, 1, half);
        SDVariable sin = inputs.get(2).reshape(rows, 1, half);
        SDVariable first = graph.slice(x, new int[] {0, 0, 0}, rows, heads, half);
        SDVariable second = graph.slice(x, new int[] {0, 0, half}, rows, heads, half);
        SDVariable a = first.mul(cos);
        SDVariable b = second.mul(sin);
        SDVariable c = second.mul(cos);
        SDVariable d = first.mul(sin);
        SDVariable rotated = backwards ? graph.concat(2, a.add(b), c.sub(d)) : graph.concat(2, a.sub(b), c.add(d));
        return List.of(rotated.reshape(rows, (long) heads * headDim));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        SDVariable dx = new Rope(rows, heads, headDim, !backwards)
                .apply(
                        call.upstreamOfFirst(),
                        call.inputs().get(1),
                        call.inputs().get(2));
        return Arrays.asList(dx, null, null);
    }
}
