package org.grpo4j.framework.kernel;

import org.grpo4j.framework.NarrowTypes;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rows of a weight {@code [n, k]} as floats, as many at a time as there is room for. */
interface WeightRows {
    /** The most rows that can be asked for at once. */
    int most();

    /** Rows {@code first} to {@code first + count - 1}; valid until this thread asks for rows of any weight again. */
    Matrix rows(int first, int count);

    /** Rows of a weight in FLOAT, which are there, or in BFLOAT16 or HALF, which are widened. */
    static WeightRows of(INDArray weight) {
        return NarrowTypes.include(weight.dataType()) ? new NarrowRows(weight) : new FloatRows(weight);
    }

    /** Rows as they lie in memory. */
    final class FloatRows implements WeightRows {
        private final Matrix weight;
        private final int count;
        private final long width;

        FloatRows(INDArray weight) {
            this.count = (int) weight.size(0);
            this.width = weight.size(1);
            this.weight = new Matrix(weight, (int) width);
        }

        @Override
        public int most() {
            return count;
        }

        @Override
        public Matrix rows(int first, int count) {
            return weight.at(first * width);
        }
    }
}
