package org.grpo4j.framework.kernel;

import jdk.incubator.vector.FloatVector;
import org.grpo4j.framework.plan.Kernel;

/** The gated activation and its gradient, one pass over memory each. */
final class SwiGluKernel {
    /** Elements a block: four arrays of this size fit the first-level cache. */
    private static final int BLOCK = 2048;

    private SwiGluKernel() {}

    static Kernel forward() {
        return (inputs, outputs) -> {
            NativeFloats gate = new NativeFloats(inputs.get(0));
            NativeFloats up = new NativeFloats(inputs.get(1));
            NativeFloats out = new NativeFloats(outputs.get(0));
            int length = (int) inputs.get(0).length();
            float[] g = new float[BLOCK];
            float[] u = new float[BLOCK];
            return () -> {
                for (int at = 0; at < length; at += BLOCK) {
                    int n = Math.min(BLOCK, length - at);
                    gate.read(at, g, n);
                    up.read(at, u, n);
                    activate(g, u, n);
                    out.write(at, u, n);
                }
            };
        };
    }

    private static void activate(float[] gate, float[] up, int n) {
        for (int i = 0; i < n; i += VectorMath.SPECIES.length()) {
            FloatVector g = FloatVector.fromArray(VectorMath.SPECIES, gate, i);
            FloatVector u = FloatVector.fromArray(VectorMath.SPECIES, up, i);
            g.mul(VectorMath.sigmoid(g)).mul(u).intoArray(up, i);
        }
    }

    static Kernel gradient() {
        return (inputs, outputs) -> {
            NativeFloats[] in = NativeFloats.of(inputs);
            NativeFloats[] out = NativeFloats.of(outputs);
            int length = (int) inputs.get(0).length();
            float[] d = new float[BLOCK];
            float[] g = new float[BLOCK];
            float[] u = new float[BLOCK];
            return () -> {
                for (int at = 0; at < length; at += BLOCK) {
                    int n = Math.min(BLOCK, length - at);
                    in[0].read(at, d, n);
                    in[1].read(at, g, n);
                    in[2].read(at, u, n);
                    differentiate(d, g, u, n);
                    out[0].write(at, g, n);
                    out[1].write(at, u, n);
                }
            };
        };
    }

    /** Leaves the gradient in the gate in {@code gate} and that in up in {@code up}. */
    private static void differentiate(float[] upstream, float[] gate, float[] up, int n) {
        for (int i = 0; i < n; i += VectorMath.SPECIES.length()) {
            FloatVector d = FloatVector.fromArray(VectorMath.SPECIES, upstream, i);
            FloatVector g = FloatVector.fromArray(VectorMath.SPECIES, gate, i);
            FloatVector u = FloatVector.fromArray(VectorMath.SPECIES, up, i);
            FloatVector sigmoid = VectorMath.sigmoid(g);
            FloatVector swish = g.mul(sigmoid);
            FloatVector slope = sigmoid.add(swish.sub(swish.mul(sigmoid)));
            d.mul(u).mul(slope).intoArray(gate, i);
            d.mul(swish).intoArray(up, i);
        }
    }
}
