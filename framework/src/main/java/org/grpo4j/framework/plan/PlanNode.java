package org.grpo4j.framework.plan;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** One thing a plan may execute: an ND4J op or a kernel for a whole function. */
interface PlanNode {
    /** ND4J's name of the op, or the function's name. */
    String opName();

    List<String> inputs();

    List<String> outputs();

    /** Whether the single output is the first input in another shape. */
    boolean isReshape();

    /** Whether element i of the output depends on elements i of the inputs only, so that it may overwrite one. */
    boolean isElementwise();

    Runnable bind(List<INDArray> inputs, List<INDArray> outputs);
}
