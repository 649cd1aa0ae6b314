package org.grpo4j.framework.plan;

import org.grpo4j.framework.op.CompositeOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Where a plan looks for kernels; a backend without any runs the plain ops. */
public interface KernelSource {
    /** No kernels: every function runs as the ops of its body. */
    KernelSource NONE = new KernelSource() {
        @Override
        public @Nullable Kernel find(CompositeOp function, DataType type) {
            return null;
        }

        @Override
        public @Nullable Kernel matMul(boolean transposeA, boolean transposeB, DataType type) {
            return null;
        }
    };

    /** The kernel for a function on arrays of a floating-point type, or null to run its body. */
    @Nullable
    Kernel find(CompositeOp function, DataType type);

    /**
     * The kernel for a product of two matrices, or of two equally long stacks of matrices, or null to run ND4J's op.
     *
     * @param transposeA whether the first factor is to be transposed
     * @param transposeB whether the second factor is to be transposed
     */
    @Nullable
    Kernel matMul(boolean transposeA, boolean transposeB, DataType type);
}
