package org.grpo4j.framework.kernel;

import static org.grpo4j.framework.op.CachedAttention.TILE;

import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.IntPointer;
import org.grpo4j.framework.op.CachedAttention;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Attention over a cache: reads only as many slots of a row as are in use, each once for all heads that share it. Scores
 * are sums of vectors along the slots of the tiled keys, mixed values are sums of vectors along a head, so nothing is
 * summed across lanes.
 */
final class CachedAttentionKernel {
    private static final int LANES = VectorMath.SPECIES.length();

    private CachedAttentionKernel() {}

    /** Whether tiles are whole vectors; there are machines with longer ones. */
    static boolean runsHere() {
        return LANES <= TILE;
    }

    static Kernel of(CachedAttention sizes) {
        return (inputs, outputs) -> new Call(
                        sizes,
                        NativeFloats.of(inputs.subList(0, 5)),
                        integers(inputs.get(5)),
                        new NativeFloats(outputs.get(0)))::run;
    }

    private static IntBuffer integers(INDArray array) {
        return new IntPointer(array.data().addressPointer())
                .capacity(array.length())
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asIntBuffer();
    }

    private static final class Call {
        private final CachedAttention sizes;
        private final NativeFloats[] in;
        private final IntBuffer slotsInUse;
        private final NativeFloats out;
        private final int group;
        private final int dim;
        private final float[] queries;
        private final float[] newKeys;
        private final float[] newValues;
        private final float[] cached;
        private final float[] scores;
        private final int scoreStride;
        private final float[] mixed;

        Call(CachedAttention sizes, NativeFloats[] in, IntBuffer slotsInUse, NativeFloats out) {
            this.sizes = sizes;
            this.in = in;
            this.slotsInUse = slotsInUse;
            this.out = out;
            this.group = sizes.heads() / sizes.kvHeads();
            this.dim = sizes.headDim();
            this.queries = new float[sizes.heads() * dim];
            this.newKeys = new float[sizes.kvHeads() * dim];
            this.newValues = new float[sizes.kvHeads() * dim];
            this.cached = new float[sizes.capacity() * dim];
            // One slot more than the cache has, for the new token, rounded up to whole tiles and so to whole vectors.
            this.scoreStride = sizes.capacity() + TILE;
            this.scores = new float[group * scoreStride];
            this.mixed = new float[sizes.heads() * dim];
        }

        void run() {
            float scale = (float) (1 / Math.sqrt(dim));
            for (int row = 0; row < sizes.rows(); row++) {
                in[0].read(row * queries.length, queries, queries.length);
                in[1].read(row * newKeys.length, newKeys, newKeys.length);
                in[2].read(row * newValues.length, newValues, newValues.length);
                for (int i = 0; i < queries.length; i++) {
                    queries[i] *= scale;
                }
                for (int kv = 0; kv < sizes.kvHeads(); kv++) {
                    attend(kv, (row * sizes.kvHeads() + kv) * cached.length, slotsInUse.get(row));
                }
                out.write(row * mixed.length, mixed, mixed.length);
            }
        }

        private void attend(int kv, int cache, int used) {
            int covered = (used + TILE - 1) / TILE * TILE;
            in[3].read(cache, cached, covered * dim);
            for (int j = 0; j < group; j++) {
                int query = (kv * group + j) * dim;
                int at = j * scoreStride;
                score(queries, query, cached, dim, scores, at, covered);
                scores[at + used] = VectorMath.dot(queries, query, newKeys, kv * dim, dim);
                float max = VectorMath.max(scores, at, used + 1);
                float total = VectorMath.expAndSum(scores, at, used + 1, max);
                VectorMath.scale(scores, at, used + 1, 1 / total);
            }
            in[4].read(cache, cached, used * dim);
            for (int j = 0; j < group; j++) {
                mix(scores, j * scoreStride, cached, used, dim, mixed, (kv * group + j) * dim);
                VectorMath.addScaled(
                        mixed, (kv * group + j) * dim, newValues, kv * dim, dim, scores[j * scoreStride + used]);
            }
        }
    }

    /** Products of a query with the keys of {@code covered} slots, four vectors at a time to keep the adders busy. */
    private static void score(float[] queries, int query, float[] keys, int dim, float[] scores, int to, int covered) {
        int slot = 0;
        for (; slot + 4 * LANES <= covered; slot += 4 * LANES) {
            int k0 = vectorOfKeys(slot, dim);
            int k1 = vectorOfKeys(slot + LANES, dim);
            int k2 = vectorOfKeys(slot + 2 * LANES, dim);
            int k3 = vectorOfKeys(slot + 3 * LANES, dim);
            FloatVector s0 = FloatVector.zero(VectorMath.SPECIES);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int d = 0; d < dim; d++) {
                FloatVector q = FloatVector.broadcast(VectorMath.SPECIES, queries[query + d]);
                s0 = q.fma(FloatVector.fromArray(VectorMath.SPECIES, keys, k0 + d * TILE), s0);
                s1 = q.fma(FloatVector.fromArray(VectorMath.SPECIES, keys, k1 + d * TILE), s1);
                s2 = q.fma(FloatVector.fromArray(VectorMath.SPECIES, keys, k2 + d * TILE), s2);
                s3 = q.fma(FloatVector.fromArray(VectorMath.SPECIES, keys, k3 + d * TILE), s3);
            }
            s0.intoArray(scores, to + slot);
            s1.intoArray(scores, to + slot + LANES);
            s2.intoArray(scores, to + slot + 2 * LANES);
            s3.intoArray(scores, to + slot + 3 * LANES);
        }
        for (; slot < covered; slot += LANES) {
            scoreVector(queries, query, keys, vectorOfKeys(slot, dim), dim, scores, to + slot);
        }
    }

    private static void scoreVector(
            float[] queries, int query, float[] keys, int key, int dim, float[] scores, int to) {
        FloatVector even = FloatVector.zero(VectorMath.SPECIES);
        FloatVector odd = even;
        for (int d = 0; d + 1 < dim; d += 2) {
            even = FloatVector.fromArray(VectorMath.SPECIES, keys, key + d * TILE)
                    .fma(FloatVector.broadcast(VectorMath.SPECIES, queries[query + d]), even);
            odd = FloatVector.fromArray(VectorMath.SPECIES, keys, key + (d + 1) * TILE)
                    .fma(FloatVector.broadcast(VectorMath.SPECIES, queries[query + d + 1]), odd);
        }
        if (dim % 2 == 1) {
            even = FloatVector.fromArray(VectorMath.SPECIES, keys, key + (dim - 1) * TILE)
                    .fma(FloatVector.broadcast(VectorMath.SPECIES, queries[query + dim - 1]), even);
        }
        even.add(odd).intoArray(scores, to);
    }

    /** Where the first dimension of the keys of a vector of slots lies; the next dimension is a tile further on. */
    private static int vectorOfKeys(int slot, int dim) {
        return slot / TILE * TILE * dim + slot % TILE;
    }

    /** Sum of the values of {@code used} slots by their probabilities. */
    private static void mix(float[] probabilities, int from, float[] values, int used, int dim, float[] mixed, int to) {
        int d = 0;
        for (; d + 2 * LANES <= dim; d += 2 * LANES) {
            FloatVector low0 = FloatVector.zero(VectorMath.SPECIES);
            FloatVector high0 = low0;
            FloatVector low1 = low0;
            FloatVector high1 = low0;
            int slot = 0;
            for (; slot + 1 < used; slot += 2) {
                int value = slot * dim + d;
                FloatVector p0 = FloatVector.broadcast(VectorMath.SPECIES, probabilities[from + slot]);
                FloatVector p1 = FloatVector.broadcast(VectorMath.SPECIES, probabilities[from + slot + 1]);
                low0 = p0.fma(FloatVector.fromArray(VectorMath.SPECIES, values, value), low0);
                high0 = p0.fma(FloatVector.fromArray(VectorMath.SPECIES, values, value + LANES), high0);
                low1 = p1.fma(FloatVector.fromArray(VectorMath.SPECIES, values, value + dim), low1);
                high1 = p1.fma(FloatVector.fromArray(VectorMath.SPECIES, values, value + dim + LANES), high1);
            }
            low0.add(low1).intoArray(mixed, to + d);
            high0.add(high1).intoArray(mixed, to + d + LANES);
            if (slot < used) {
                VectorMath.addScaled(mixed, to + d, values, slot * dim + d, 2 * LANES, probabilities[from + slot]);
            }
        }
        if (d < dim) {
            Arrays.fill(mixed, to + d, to + dim, 0);
            for (int slot = 0; slot < used; slot++) {
                VectorMath.addScaled(mixed, to + d, values, slot * dim + d, dim - d, probabilities[from + slot]);
            }
        }
    }
}
