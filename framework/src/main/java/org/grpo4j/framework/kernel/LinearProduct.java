package org.grpo4j.framework.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Columns of {@code x · weightᵀ} for x {@code [m, k]} and weights {@code [n, k]} of any type they are stored in. With few rows such a product is bound
 * by reading the weights, and how oneDNN is asked decides how near to that it comes. Measured with weights in memory,
 * one thread, GFLOP/s at 8 / 16 / 32 / 48 / 64 rows, for 4864 x 896 and (after the semicolon) 896 x 4864:
 *
 * <ul>
 *   <li>one call: 22 / 41 / 70 / 90 / 106; 24 / 52 / 77 / 103 / 120
 *   <li>blocks of 256 columns, which stay in the second-level cache between packing and use: 32 / 53 / 86 / 104 / 116;
 *       26 / 54 / 91 / 105 / 120
 *   <li>{@code weight · xᵀ}, in blocks of 512 turned round afterwards: 29 / 60 / 85 / 107 / 94; 30 / 63 / 95 / 111 / 103
 *   <li>{@code weight · xᵀ} with up to 4 rows is slower than the blocks: 15 against 21 at 4 rows
 * </ul>
 *
 * OpenBLAS comes to 21 / 40 / 66 / – / 93, a kernel of 4 x 4 dot products on the vector API to 33 / 49 / 60 / 67 / 69.
 */
final class LinearProduct {
    private static final int FEWEST_TURNED = 7;
    private static final int MOST_TURNED = 48;
    private static final int MOST_BLOCKED = 128;
    private static final int TURNED_BLOCK = 512;
    private static final int BLOCK = 256;

    /** Products run one after the other on a thread, so each thread needs scratch memory once. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private final Matrix x;
    private final WeightRows weight;
    private final Matrix product;
    /** Where turned blocks are written; null if rows are too few or too many for them. */
    private final @Nullable NativeFloats out;

    private final int m;
    private final int n;
    private final int k;
    private final int from;
    private final int to;

    /** The product restricted to columns {@code from} to {@code to}. */
    LinearProduct(INDArray x, INDArray weight, INDArray product, int from, int to) {
        this.m = (int) product.size(0);
        this.n = (int) product.size(1);
        this.k = (int) x.size(1);
        this.x = new Matrix(x, k);
        this.weight = WeightRows.of(weight);
        this.product = new Matrix(product, n);
        this.out = m < FEWEST_TURNED || m > MOST_TURNED ? null : new NativeFloats(product);
        this.from = from;
        this.to = to;
    }

    /** @param adds whether to add to what is there */
    void run(boolean adds) {
        if (out == null || adds) {
            int block = Math.min(weight.most(), m > MOST_BLOCKED ? n : BLOCK);
            for (int at = from; at < to; at += block) {
                multiply(at, Math.min(block, to - at), adds);
            }
        } else {
            Scratch scratch = SCRATCH.get();
            int block = Math.min(weight.most(), TURNED_BLOCK);
            for (int at = from; at < to; at += block) {
                multiplyTurned(at, Math.min(block, to - at), scratch, out);
            }
        }
    }

    private void multiply(int first, int columns, boolean adds) {
        Matrix rows = weight.rows(first, columns);
        Gemm.multiply(x.at(0), false, rows, true, product.at(first), m, columns, k, 1, adds ? 1 : 0);
    }

    private void multiplyTurned(int first, int columns, Scratch scratch, NativeFloats target) {
        Matrix turned = new Matrix(scratch.turned, m);
        Gemm.multiply(weight.rows(first, columns), false, x.at(0), true, turned.at(0), columns, m, k, 1, 0);
        float[] block = scratch.block;
        float[] row = scratch.row;
        scratch.turned.get(block, 0, columns * m);
        for (int r = 0; r < m; r++) {
            for (int column = 0; column < columns; column++) {
                row[column] = block[column * m + r];
            }
            target.write(r * n + first, row, columns);
        }
    }

    private static final class Scratch {
        final FloatPointer turned = new FloatPointer((long) TURNED_BLOCK * MOST_TURNED);
        final float[] block = new float[TURNED_BLOCK * MOST_TURNED];
        final float[] row = new float[TURNED_BLOCK];
    }
}
