package org.grpo4j.framework.kernel;

import org.grpo4j.framework.op.Rope;
import org.grpo4j.framework.plan.Kernel;

/** The rotary embedding and, with the sine turned round, its gradient. */
final class RopeKernel {
    private RopeKernel() {}

    /** Elements read at once: small enough for the first-level cache, large enough that the calls do not count. */
    private static final int BLOCK = 4096;

    static Kernel of(Rope rope) {
        return (inputs, outputs) -> {
            NativeFloats x = new NativeFloats(inputs.get(0));
            NativeFloats cos = new NativeFloats(inputs.get(1));
            NativeFloats sin = new NativeFloats(inputs.get(2));
            NativeFloats out = new NativeFloats(outputs.get(0));
            int half = rope.headDim() / 2;
            int width = rope.heads() * rope.headDim();
            int blockRows = Math.max(1, BLOCK / width);
            float[] block = new float[blockRows * width];
            float[] c = new float[blockRows * half];
            float[] s = new float[blockRows * half];
            float sign = rope.backwards() ? -1f : 1f;
            return () -> {
                for (int first = 0; first < rope.rows(); first += blockRows) {
                    int rows = Math.min(blockRows, rope.rows() - first);
                    x.read(first * width, block, rows * width);
                    cos.read(first * half, c, rows * half);
                    sin.read(first * half, s, rows * half);
                    for (int r = 0; r < rows; r++) {
                        for (int head = 0; head < rope.heads(); head++) {
                            rotate(block, r * width + head * rope.headDim(), c, s, r * half, half, sign);
                        }
                    }
                    out.write(first * width, block, rows * width);
                }
            };
        };
    }

    /** A loop that the compiler vectorises by itself. */
    private static void rotate(float[] block, int at, float[] cos, float[] sin, int angles, int half, float sign) {
        for (int i = 0; i < half; i++) {
            float a = block[at + i];
            float b = block[at + half + i];
            float c = cos[angles + i];
            float s = sin[angles + i] * sign;
            block[at + i] = a * c - b * s;
            block[at + half + i] = b * c + a * s;
        }
    }
}
