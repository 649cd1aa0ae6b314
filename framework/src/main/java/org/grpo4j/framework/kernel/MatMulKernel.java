package org.grpo4j.framework.kernel;

import java.util.List;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.grpo4j.framework.plan.AddingKernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Products of matrices, or of equally many matrices one by one.
 *
 * @param transposeA whether the first factor is transposed
 * @param transposeB whether the second factor is transposed
 */
record MatMulKernel(boolean transposeA, boolean transposeB) implements AddingKernel {
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
}
