package org.grpo4j.framework;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * The types that frozen weights may have in memory: BFLOAT16 and HALF take half of what FLOAT takes. They are for storage
 * only. Whoever uses such a weight widens it to the type it computes in, part by part, and nothing ever updates one.
 */
public final class NarrowTypes {
    private NarrowTypes() {}

    /** Whether arrays of this type are stored narrow and computed with in another type. */
    public static boolean include(DataType type) {
        return type == DataType.BFLOAT16 || type == DataType.HALF;
    }
}
