package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.plan.AddingKernel;
import org.grpo4j.framework.plan.Team;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * {@code x · weightᵀ} with a weight in BFLOAT16 or HALF.
 *
 * @param team whose members compute a range of columns each, or null for the calling thread alone
 */
record NarrowLinearKernel(@Nullable Team team) implements AddingKernel {
    @Override
    public boolean canAdd(int output) {
        return true;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
        INDArray x = inputs.get(0);
        INDArray weight = inputs.get(1);
        INDArray product = outputs.get(0);
        int m = (int) x.size(0);
        boolean dots = weight.dataType() == DataType.BFLOAT16 && m <= Bfloat16Dots.MOST_ROWS;
        ColumnSplit.Part all = ColumnSplit.over(
                team,
                m,
                (int) weight.size(0),
                (int) weight.size(1),
                (member, from, to) -> dots
                        ? new Bfloat16Dots(x, weight, product, from, to)::run
                        : new LinearProduct(x, weight, product, from, to)::run);
        return () -> all.run(addition.addsTo(0));
    }
}
