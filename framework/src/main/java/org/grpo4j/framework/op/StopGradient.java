package org.grpo4j.framework.op;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/** Passes the value and no gradient; the shape is that of the input. */
public record StopGradient() implements DifferentiableOp {

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        return List.of(graph.identity(inputs.get(0)));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        return Arrays.asList((SDVariable) null);
    }
}
