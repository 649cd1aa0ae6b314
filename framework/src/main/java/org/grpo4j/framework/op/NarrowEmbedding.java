package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Rows of a frozen table that is stored in BFLOAT16 or HALF: inputs table {@code [rows, width]} and ids {@code [n]}
 * (integers), output {@code [n, width]}. Only the rows asked for are widened. Has no gradient.
 *
 * @param type of the output, FLOAT or DOUBLE
 */
public record NarrowEmbedding(DataType type) implements DifferentiableOp {
    public NarrowEmbedding {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("rows of a narrow table are widened to FLOAT or DOUBLE, not " + type);
        }
    }

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        return List.of(graph.gather(inputs.get(0), inputs.get(1), 0).castTo(type));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        NarrowWeights.requireFrozen(call, 0);
        return Arrays.asList(null, null);
    }
}
