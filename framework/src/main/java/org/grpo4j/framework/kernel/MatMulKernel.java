package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.grpo4j.framework.plan.AddingKernel;
import org.grpo4j.framework.plan.Team;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of matrices, or of equally many matrices one by one.
 *
 * @param transposeA whether the first factor is transposed
 * @param transposeB whether the second factor is transposed
 * @param team whose members compute a range of columns each, or null for the calling thread alone
 * @param packed copies of second factors for products of few rows, or null for none
 */
record MatMulKernel(
        boolean transposeA,
        boolean transposeB,
        @Nullable Team team,
        @Nullable PackedWeights packed) implements AddingKernel {
    /** With more rows, rearranging the weights in every product costs little. */
    private static final int MOST_PACKED = 192;

    @Override
    public boolean canAdd(int output) {
        return true;
    }

    @Override
    public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
        INDArray left = inputs.get(0);
        INDArray right = inputs.get(1);
        INDArray product = outputs.get(0);
        int rank = product.rank();
        int m = (int) product.size(rank - 2);
        int n = (int) product.size(rank - 1);
        int k = (int) left.size(transposeA ? rank - 2 : rank - 1);
        long count = product.length() / ((long) m * n);
        if (count == 1 && !transposeA && transposeB) {
            ColumnSplit.Part all =
                    ColumnSplit.over(team, m, n, k, (member, from, to) -> part(left, right, product, member, from, to));
            return () -> all.run(addition.addsTo(0));
        }
        Matrix a = new Matrix(left, transposeA ? m : k);
        Matrix b = new Matrix(right, transposeB ? k : n);
        Matrix c = new Matrix(product, n);
        return () -> {
            float beta = addition.addsTo(0) ? 1 : 0;
            for (long i = 0; i < count; i++) {
                Gemm.multiply(
                        a.at(i * m * k), transposeA, b.at(i * k * n), transposeB, c.at(i * m * n), m, n, k, 1, beta);
            }
        };
    }

    /** Some columns of {@code x · weightᵀ}, the shape of every projection of a decoder. */
    private ColumnSplit.Part part(INDArray x, INDArray weight, INDArray product, int member, int from, int to) {
        if (packed != null && product.size(0) <= MOST_PACKED) {
            return new PackedProduct(packed, x, weight, product, member, from, to)::run;
        }
        return new LinearProduct(x, weight, product, from, to)::run;
    }
}
