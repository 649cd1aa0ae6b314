package org.grpo4j.framework.kernel;

import org.grpo4j.framework.op.Rope;
import org.grpo4j.framework.plan.Kernel;

/** The rotary embedding and, with the sine turned round, its gradient. */
final class RopeKernel {
    private RopeKernel() {}

    static Kernel of(Rope rope) {
        return (inputs, outputs) -> {
            NativeFloats x = new NativeFloats(inputs.get(0));
            NativeFloats cos = new NativeFloats(inputs.get(1));
            NativeFloats sin = new NativeFloats(inputs.get(2));
            NativeFloats out = new NativeFloats(outputs.get(0));
            int half = rope.headDim() / 2;
            int width = rope.heads() * rope.headDim();
            float[] row = new float[width];
            float[] c = new float[half];
            float[] s = new float[half];
            return () -> {
                for (int r = 0; r < rope.rows(); r++) {
                    x.read(r * width, row, width);
                    cos.read(r * half, c, half);
                    sin.read(r * half, s, half);
                    for (int head = 0; head < rope.heads(); head++) {
                        rotate(row, head * rope.headDim(), c, s, half, rope.backwards() ? -1f : 1f);
                    }
                    out.write(r * width, row, width);
                }
            };
        };
    }

    /** A loop that the compiler vectorises by itself. */
    private static void rotate(float[] row, int at, float[] cos, float[] sin, int half, float sign) {
        for (int i = 0; i < half; i++) {
            float a = row[at + i];
            float b = row[at + half + i];
            float s = sin[i] * sign;
            row[at + i] = a * cos[i] - b * s;
            row[at + half + i] = b * cos[i] + a * s;
        }
    }
}
