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

    /** Multiplications below which waking the team costs more than it saves: some microseconds of work. */
    private static final long SMALLEST_SHARED = 1 << 18;

    /** Columns of a share are a multiple of this many, a few vectors, so that only the last share has an odd end. */
    private static final int GRAIN = 64;

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
            return bindLinear(left, right, product, addition, new Sizes(m, n, k));
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

    private record Sizes(int m, int n, int k) {}

    /** {@code x · weightᵀ}, the shape of every projection of a decoder. */
    private Runnable bindLinear(INDArray x, INDArray weight, INDArray product, Addition addition, Sizes s) {
        boolean shared = team != null && (long) s.m * s.n * s.k >= SMALLEST_SHARED && s.n >= 2 * GRAIN;
        if (team == null || !shared) {
            Part whole = part(x, weight, product, 0, 0, s.n);
            return () -> whole.run(addition.addsTo(0));
        }
        Part[] parts = new Part[team.size()];
        int grains = (s.n + GRAIN - 1) / GRAIN;
        for (int i = 0; i < parts.length; i++) {
            int from = grains * i / parts.length * GRAIN;
            int to = Math.min(s.n, grains * (i + 1) / parts.length * GRAIN);
            parts[i] = part(x, weight, product, i, from, to);
        }
        return () -> {
            boolean adds = addition.addsTo(0);
            team.run(i -> parts[i].run(adds));
        };
    }

    /** Some columns of a product. */
    @FunctionalInterface
    private interface Part {
        void run(boolean adds);
    }

    private Part part(INDArray x, INDArray weight, INDArray product, int member, int from, int to) {
        if (packed != null && product.size(0) <= MOST_PACKED) {
            return new PackedProduct(packed, x, weight, product, member, from, to)::run;
        }
        return new LinearProduct(x, weight, product, from, to)::run;
    }
}
