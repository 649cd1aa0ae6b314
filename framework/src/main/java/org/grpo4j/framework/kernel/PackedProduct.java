package org.grpo4j.framework.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.grpo4j.framework.kernel.PackedWeights.Packed;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Columns of {@code x · weightᵀ} for few rows x {@code [m, k]}, from a copy of the weights {@code [n, k]}. */
final class PackedProduct {
    private final Packed weight;
    private final INDArray x;
    private final INDArray product;
    private final int m;
    private final int n;
    private final int from;
    private final int columns;
    /** Where the columns are computed; null if they are all of the product's, which is then written itself. */
    private final @Nullable NativeFloats block;

    private final NativeFloats out;
    private final float[] row;
    private final float[] sum;
    private final Runnable overwriting;
    private @Nullable Runnable adding;

    /**
     * The product restricted to columns {@code from} to {@code to}.
     *
     * @param member of the team that runs it: products of one member never run at once
     */
    PackedProduct(PackedWeights weights, INDArray x, INDArray weight, INDArray product, int member, int from, int to) {
        this.weight = weights.of(weight, from, to);
        this.x = x;
        this.product = product;
        this.m = (int) product.size(0);
        this.n = (int) product.size(1);
        this.from = from;
        this.columns = to - from;
        this.out = new NativeFloats(product);
        if (columns == n) {
            this.block = null;
            this.row = new float[0];
            this.sum = row;
            this.overwriting = this.weight.product(m, x, product, false);
        } else {
            // oneDNN's fast kernels write dense results only.
            FloatPointer dense = weights.scratch(member, (long) m * columns);
            this.block = new NativeFloats(dense, (long) m * columns);
            this.row = new float[columns];
            this.sum = new float[columns];
            this.overwriting = this.weight.product(m, x, dense, false);
        }
    }

    /** @param adds whether to add to what is there */
    void run(boolean adds) {
        NativeFloats computed = block;
        if (computed == null) {
            if (adds) {
                adding().run();
            } else {
                overwriting.run();
            }
            return;
        }
        overwriting.run();
        for (int r = 0; r < m; r++) {
            computed.read(r * columns, row, columns);
            if (adds) {
                out.read(r * n + from, sum, columns);
                VectorMath.addScaled(row, 0, sum, 0, columns, 1);
            }
            out.write(r * n + from, row, columns);
        }
    }

    private Runnable adding() {
        Runnable made = adding;
        if (made == null) {
            made = weight.product(m, x, product, true);
            adding = made;
        }
        return made;
    }
}
