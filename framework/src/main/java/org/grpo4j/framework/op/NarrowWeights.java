package org.grpo4j.framework.op;

import org.grpo4j.framework.NarrowTypes;
import org.grpo4j.framework.op.DifferentiableOp.Call;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** What all functions of narrow weights share. */
final class NarrowWeights {
    private NarrowWeights() {}

    static boolean isNarrow(SDVariable weight) {
        return NarrowTypes.include(weight.dataType());
    }

    /** The weight in the type of what it meets; itself where it has that type. */
    static SDVariable widened(SDVariable weight, DataType type) {
        return weight.dataType() == type ? weight : weight.castTo(type);
    }

    /** @throws IllegalArgumentException if somebody wants the gradient in an input that is stored narrow */
    static void requireFrozen(Call call, int input) {
        SDVariable weight = call.inputs().get(input);
        if (call.wants(input) && isNarrow(weight)) {
            throw new IllegalArgumentException("'" + weight.name() + "' is stored as " + weight.dataType()
                    + " and therefore frozen; load it in the type of the computation to train it");
        }
    }
}
