package org.grpo4j.framework.plan;

import org.grpo4j.framework.op.CompositeOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/** Where a plan looks for kernels; a backend without any runs the plain ops. */
@FunctionalInterface
public interface KernelSource {
    /** No kernels: every function runs as the ops of its body. */
    KernelSource NONE = (function, type) -> null;

    /** The kernel for a function on arrays of a floating-point type, or null to run its body. */
    @Nullable
    Kernel find(CompositeOp function, DataType type);
}
