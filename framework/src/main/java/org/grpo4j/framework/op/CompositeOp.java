package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * A function of graph variables whose boundary is remembered in the graph. Its body is made of plain ND4J ops, which is
 * what SameDiff's own session runs and what every backend understands; a plan may run a faster kernel for the whole
 * function instead, and {@link org.grpo4j.framework.autodiff.Gradients} may use one rule for it.
 *
 * <p>Implementations are records: their components are the attributes a kernel needs.
 */
public interface CompositeOp {
    /**
     * Adds the body to the graph.
     *
     * @return the outputs, each the result of an op added by this call
     */
    List<SDVariable> body(SameDiff graph, List<SDVariable> inputs);

    /** Adds this function to the graph of its inputs and remembers the boundary. */
    default List<SDVariable> applyAll(SDVariable... inputs) {
        return Composites.record(this, inputs[0].getSameDiff(), Arrays.asList(inputs));
    }

    /** {@link #applyAll} for functions with one output, or of which only the first matters. */
    default SDVariable apply(SDVariable... inputs) {
        return applyAll(inputs).get(0);
    }
}
