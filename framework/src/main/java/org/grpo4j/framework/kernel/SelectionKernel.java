package org.grpo4j.framework.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.grpo4j.framework.plan.Kernel;

/** Keeps what a 0/1 mask keeps and puts zero elsewhere, whatever was there: a product would let NaN through. */
final class SelectionKernel {
    /** Elements a block: both arrays of this size fit the first-level cache. */
    private static final int BLOCK = 2048;

    private SelectionKernel() {}

    static Kernel create() {
        return (inputs, outputs) -> {
            NativeFloats values = new NativeFloats(inputs.get(0));
            NativeFloats mask = new NativeFloats(inputs.get(1));
            NativeFloats out = new NativeFloats(outputs.get(0));
            int length = (int) inputs.get(0).length();
            float[] x = new float[BLOCK];
            float[] m = new float[BLOCK];
            return () -> {
                for (int at = 0; at < length; at += BLOCK) {
                    int n = Math.min(BLOCK, length - at);
                    values.read(at, x, n);
                    mask.read(at, m, n);
                    select(x, m, n);
                    out.write(at, x, n);
                }
            };
        };
    }

    private static void select(float[] values, float[] mask, int n) {
        FloatVector zero = FloatVector.zero(VectorMath.SPECIES);
        for (int i = 0; i < n; i += VectorMath.SPECIES.length()) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, values, i);
            FloatVector m = FloatVector.fromArray(VectorMath.SPECIES, mask, i);
            zero.blend(x, m.compare(VectorOperators.GT, 0.5f)).intoArray(values, i);
        }
    }
}
