package org.grpo4j.framework.op;

import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** The differentiable functions of this package under their usual names. Shapes are those of the records they apply. */
public final class Ops {
    private Ops() {}

    /**
     * {@link Embedding}: rows {@code [n, width]} of a table {@code [rows, width]} at ids {@code [n]}. Rows of a narrow
     * table come out in FLOAT.
     */
    public static SDVariable embedding(SDVariable table, SDVariable ids, int rows) {
        return NarrowWeights.isNarrow(table)
                ? embedding(table, ids, rows, DataType.FLOAT)
                : new Embedding(rows).apply(table, ids);
    }

    /**
     * {@link #embedding(SDVariable, SDVariable, int)} in a given type.
     *
     * @param type the table's own, or what the rows of a table in BFLOAT16 or HALF are widened to
     * @throws IllegalArgumentException if the table is of another type and not narrow
     */
    public static SDVariable embedding(SDVariable table, SDVariable ids, int rows, DataType type) {
        if (NarrowWeights.isNarrow(table)) {
            return new NarrowEmbedding(type).apply(table, ids);
        }
        if (table.dataType() != type) {
            throw new IllegalArgumentException("the table '" + table.name() + "' is " + table.dataType() + ", not "
                    + type + "; only BFLOAT16 and HALF are widened");
        }
        return new Embedding(rows).apply(table, ids);
    }

    /**
     * Affine map {@code x · weightᵀ + bias}: x {@code [n, in]}, weight {@code [out, in]} as Hugging Face stores it,
     * bias {@code [out]} or null. A weight in BFLOAT16 or HALF is frozen and widened when it is used, see {@link
     * NarrowLinear}.
     */
    public static SDVariable linear(SDVariable x, SDVariable weight, @Nullable SDVariable bias) {
        SDVariable product = NarrowWeights.isNarrow(weight)
                ? new NarrowLinear().apply(x, weight)
                : x.getSameDiff().mmul(x, weight, false, true, false);
        return bias == null ? product : product.add(bias);
    }

    /** {@link RmsNorm} over the last axis of x {@code [n, width]}. */
    public static SDVariable rmsNorm(SDVariable x, SDVariable gain, double epsilon) {
        return new RmsNorm(epsilon).apply(x, gain);
    }

    /** {@link SwiGlu}. */
    public static SDVariable swiGlu(SDVariable gate, SDVariable up) {
        return new SwiGlu().apply(gate, up);
    }

    /** {@link TokenLogProbs}. */
    public static SDVariable tokenLogProbs(SDVariable logits, SDVariable targets) {
        return new TokenLogProbs().apply(logits, targets);
    }

    /** {@link Entropy}. */
    public static SDVariable entropy(SDVariable logits) {
        return new Entropy().apply(logits);
    }
}
