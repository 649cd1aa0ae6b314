package org.grpo4j.framework.kernel;

import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Products of many activations with a weight {@code [n, k]}, whichever type it is stored in. */
final class StoredWeight {
    private final WeightRows weight;
    private final int n;
    private final int k;

    StoredWeight(INDArray weight) {
        this.weight = WeightRows.of(weight);
        this.n = (int) weight.size(0);
        this.k = (int) weight.size(1);
    }

    /**
     * {@code product ← scale · x · weightᵀ}.
     *
     * @param x {@code [m, k]}, at its first element
     * @param product {@code [m, n]}, from its very first element on
     */
    void multiply(Matrix x, int m, Matrix product, float scale) {
        for (int first = 0; first < n; first += weight.most()) {
            int count = Math.min(weight.most(), n - first);
            Matrix rows = weight.rows(first, count);
            Gemm.multiply(x, false, rows, true, product.at(first), m, count, k, scale, 0);
        }
    }

    /**
     * {@code gradient ← upstream · weight}, or the same added to the gradient.
     *
     * @param upstream {@code [m, n]}, from its very first element on
     * @param gradient {@code [m, k]}, at its first element
     */
    void multiplyBack(Matrix upstream, int m, Matrix gradient, boolean adds) {
        for (int first = 0; first < n; first += weight.most()) {
            int count = Math.min(weight.most(), n - first);
            Matrix rows = weight.rows(first, count);
            float sum = adds || first > 0 ? 1 : 0;
            Gemm.multiply(upstream.at(first), false, rows, false, gradient, m, k, count, 1, sum);
        }
    }
}
