package org.grpo4j.framework.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/** A {@link CompositeOp} with a rule of its own for the vector-Jacobian product. */
public interface DifferentiableOp extends CompositeOp {
    /**
     * Adds the gradient to the graph.
     *
     * @param call the inputs, outputs and upstream gradients of one application of this function
     * @return for each input the gradient with the input's shape, or null where {@link Call#wants} is false or the
     *     function does not depend on it
     */
    List<@Nullable SDVariable> gradient(Call call);

    /**
     * One application of a function in a graph.
     *
     * @param inputs the inputs
     * @param outputs the outputs
     * @param upstream the gradient of the loss in each output, null where the loss does not depend on it
     * @param wanted for each input whether anybody needs its gradient
     */
    record Call(
            List<SDVariable> inputs, List<SDVariable> outputs, List<@Nullable SDVariable> upstream, boolean[] wanted) {
        /** Whether the gradient of this input is needed; work for others is wasted. */
        public boolean wants(int input) {
            return wanted[input];
        }

        /** The upstream gradient of the first output, which must be there. */
        public SDVariable upstreamOfFirst() {
            SDVariable first = upstream.get(0);
            if (first == null) {
                throw new IllegalStateException("the loss does not depend on the first output of this function");
            }
            return first;
        }
    }
}
