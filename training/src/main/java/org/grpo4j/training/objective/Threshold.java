package org.grpo4j.training.objective;

import java.util.Arrays;
import java.util.List;
import org.grpo4j.framework.op.DifferentiableOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;

/**
 * 1 where an entry lies strictly above (or below) a bound, else 0, in the type of the input; its gradient is zero, so no
 * backward op is made for it.
 */
record Threshold(boolean above, double bound) implements DifferentiableOp {

    static SDVariable above(SDVariable x, double bound) {
        return new Threshold(true, bound).apply(x);
    }

    static SDVariable below(SDVariable x, double bound) {
        return new Threshold(false, bound).apply(x);
    }

    @Override
    public List<SDVariable> body(SameDiff graph, List<SDVariable> inputs) {
        SDVariable x = inputs.get(0);
        return List.of((above ? x.gt(bound) : x.lt(bound)).castTo(x.dataType()));
    }

    @Override
    public List<@Nullable SDVariable> gradient(Call call) {
        return Arrays.asList((SDVariable) null);
    }
}
