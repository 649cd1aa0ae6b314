package org.grpo4j.framework.plan;

import java.util.List;
import org.grpo4j.framework.autodiff.StaticShapes.Shape;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One thing a plan may execute: an ND4J op or a kernel. Inputs and outputs are names of variables. */
interface PlanNode {
    /** ND4J's name of the op, or the function's name. */
    String opName();

    List<String> inputs();

    List<String> outputs();

    /** The same computation on other variables. */
    PlanNode withNames(List<String> inputs, List<String> outputs);

    /**
     * What is computed, without the variables: two nodes with equal functions and inputs have equal outputs. Null if that
     * cannot be told.
     */
    @Nullable
    Object function();

    /** Whether the single output is the first input in another shape. */
    boolean isReshape();

    /** How many FLOAT numbers of memory a run needs beside its outputs. */
    default long scratchLength() {
        return 0;
    }

    /** Whether an output may lie where an input of the same shape and type lies, if nobody else reads that input. */
    boolean mayOverwrite(int output, int input, List<Shape> inputShapes, Shape outputShape);

    /** Prepares runs on these arrays; the scratch memory, if any, is one more output. */
    Runnable bind(List<INDArray> inputs, List<INDArray> outputs);
}
