package org.grpo4j.framework.kernel;

import java.util.Arrays;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.plan.Kernel;

/** Attention over a cache: reads only as many slots of a row as are in use. */
final class CachedAttentionKernel {
    private CachedAttentionKernel() {}

    static Kernel of(CachedAttention sizes) {
        return (inputs, outputs) -> new Call(sizes, NativeFloats.of(inputs), new NativeFloats(outputs.get(0)))::run;
    }

    private static final class Call {
        private final CachedAttention sizes;
        private final NativeFloats[] in;
        private final NativeFloats out;
        private final int group;
        private final int dim;
        private final float scale;
        private final float[] queries;
        private final float[] newKeys;
        private final float[] newValues;
        private final float[] bias;
        private final float[] cached;
        private final float[] scores;
        private final float[] mixed;

        Call(CachedAttention sizes, NativeFloats[] in, NativeFloats out) {
            this.sizes = sizes;
            this.in = in;
            this.out = out;
            this.group = sizes.heads() / sizes.kvHeads();
            this.dim = sizes.headDim();
            this.scale = (float) (1 / Math.sqrt(dim));
            this.queries = new float[sizes.heads() * dim];
            this.newKeys = new float[sizes.kvHeads() * dim];
            this.newValues = new float[sizes.kvHeads() * dim];
            this.bias = new float[sizes.capacity()];
            this.cached = new float[sizes.capacity() * dim];
            this.scores = new float[group * VectorMath.padded(sizes.capacity() + 1)];
            this.mixed = new float[sizes.heads() * dim];
        }

        void run() {
            for (int row = 0; row < sizes.rows(); row++) {
                in[0].read(row * queries.length, queries, queries.length);
                in[1].read(row * newKeys.length, newKeys, newKeys.length);
                in[2].read(row * newValues.length, newValues, newValues.length);
                in[5].read(row * bias.length, bias, bias.length);
                int used = slotsInUse();
                Arrays.fill(mixed, 0);
                for (int kv = 0; kv < sizes.kvHeads(); kv++) {
                    int cache = (row * sizes.kvHeads() + kv) * sizes.capacity() * dim;
                    attend(kv, cache, used);
                }
                out.write(row * mixed.length, mixed, mixed.length);
            }
        }

        /** Slots up to the last one that is not masked. */
        private int slotsInUse() {
            int used = bias.length;
            while (used > 0 && bias[used - 1] <= Attention.MASKED / 2) {
                used--;
            }
            return used;
        }

        private void attend(int kv, int cache, int used) {
            int length = used + 1;
            int stride = VectorMath.padded(sizes.capacity() + 1);
            in[3].read(cache, cached, used * dim);
            for (int j = 0; j < group; j++) {
                int query = (kv * group + j) * dim;
                int at = j * stride;
                for (int slot = 0; slot < used; slot++) {
                    scores[at + slot] = scale * VectorMath.dot(queries, query, cached, slot * dim, dim) + bias[slot];
                }
                scores[at + used] = scale * VectorMath.dot(queries, query, newKeys, kv * dim, dim);
                float max = VectorMath.max(scores, at, length);
                float total = VectorMath.expAndSum(scores, at, length, max);
                VectorMath.scale(scores, at, length, 1 / total);
            }
            in[4].read(cache, cached, used * dim);
            for (int j = 0; j < group; j++) {
                int query = (kv * group + j) * dim;
                int at = j * stride;
                for (int slot = 0; slot < used; slot++) {
                    VectorMath.addScaled(mixed, query, cached, slot * dim, dim, scores[at + slot]);
                }
                VectorMath.addScaled(mixed, query, newValues, kv * dim, dim, scores[at + used]);
            }
        }
    }
}
