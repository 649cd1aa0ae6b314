package org.grpo4j.framework.autodiff;

import java.util.List;
import org.grpo4j.framework.op.DifferentiableOp.Call;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.functions.DifferentialFunction;
import org.nd4j.autodiff.samediff.SDVariable;

/** The vector-Jacobian product of one ND4J op. */
@FunctionalInterface
public interface GradientRule {
    /**
     * Adds the gradient of an op to its graph.
     *
     * @param op the op, for its arguments
     * @param call its inputs, outputs and upstream gradients
     * @param shapes static shapes of the graph
     * @return for each input the gradient with the input's shape, or null where it is not wanted or always zero
     */
    List<@Nullable SDVariable> gradient(DifferentialFunction op, Call call, StaticShapes shapes);
}
