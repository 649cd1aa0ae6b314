package org.grpo4j.framework.op;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;

/** Sums that do not lose in the adding what float32 can hold. */
public final class Sums {

    private Sums() {}

    /** The sum of all entries, scalar, in DOUBLE whatever the type of the input; gradients have the type of the input. */
    public static SDVariable inDouble(SDVariable x) {
        return (x.dataType() == DataType.DOUBLE ? x : x.castTo(DataType.DOUBLE)).sum();
    }
}
