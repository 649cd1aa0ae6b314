package org.grpo4j.framework.op;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.internal.SameDiffOp;
import org.nd4j.autodiff.samediff.internal.Variable;

/** Look-ups in a graph that fail with the name asked for instead of a null. */
public final class GraphView {
    private GraphView() {}

    /** The op of that name. */
    public static SameDiffOp op(SameDiff graph, String name) {
        SameDiffOp op = graph.getOps().get(name);
        if (op == null) {
            throw new IllegalArgumentException("the graph has no op '" + name + "'");
        }
        return op;
    }

    /** Name of the op that makes a variable, null for a leaf. */
    public static @Nullable String maker(SameDiff graph, String variable) {
        Variable found = graph.getVariables().get(variable);
        if (found == null) {
            throw new IllegalArgumentException("the graph has no variable '" + variable + "'");
        }
        return found.getOutputOfOp();
    }

    /** Names of the variables an op reads. */
    public static List<String> inputs(SameDiffOp op) {
        return op.getInputsToOp() == null ? List.of() : op.getInputsToOp();
    }
}
