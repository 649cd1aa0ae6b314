package org.grpo4j.framework.kernel;

import java.util.Arrays;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.grpo4j.framework.op.Attention;
import org.grpo4j.framework.plan.Kernel;

/**
 * Causal grouped-query attention and its gradient. Products run on the projections where they lie, head by head, so
 * nothing is transposed in memory; the softmax only visits positions a query may see.
 */
final class AttentionKernel {
    private AttentionKernel() {}

    /** Sizes of one call. */
    private record Sizes(int batch, int time, int kvHeads, int group, int headDim) {
        static Sizes of(Attention a) {
            return new Sizes(a.batch(), a.time(), a.kvHeads(), a.heads() / a.kvHeads(), a.headDim());
        }

        int queryStride() {
            return kvHeads * group * headDim;
        }

        int keyStride() {
            return kvHeads * headDim;
        }

        long query(int sequence, int kvHead, int member) {
            return (long) sequence * time * queryStride() + (long) (kvHead * group + member) * headDim;
        }

        long key(int sequence, int kvHead) {
            return (long) sequence * time * keyStride() + (long) kvHead * headDim;
        }

        int probabilities(int sequence, int kvHead, int member) {
            return ((sequence * kvHeads + kvHead) * group + member) * time * time;
        }

        float scale() {
            return (float) (1 / Math.sqrt(headDim));
        }
    }

    static Kernel forward(Attention attention) {
        Sizes s = Sizes.of(attention);
        return (inputs, outputs) -> {
            Matrix queries = new Matrix(inputs.get(0), s.queryStride());
            Matrix keys = new Matrix(inputs.get(1), s.keyStride());
            Matrix values = new Matrix(inputs.get(2), s.keyStride());
            Matrix mixed = new Matrix(outputs.get(0), s.queryStride());
            Matrix probabilities = new Matrix(outputs.get(1), s.time);
            NativeFloats scores = new NativeFloats(outputs.get(1));
            NativeFloats padding = inputs.size() > 3 ? new NativeFloats(inputs.get(3)) : null;
            float[] bias = new float[s.time];
            int stride = VectorMath.padded(s.time);
            float[] block = new float[s.time * stride];
            return () -> {
                for (int b = 0; b < s.batch; b++) {
                    if (padding != null) {
                        padding.read(b * s.time, bias, s.time);
                    }
                    for (int kv = 0; kv < s.kvHeads; kv++) {
                        for (int j = 0; j < s.group; j++) {
                            int p = s.probabilities(b, kv, j);
                            Gemm.multiply(
                                    queries.at(s.query(b, kv, j)),
                                    false,
                                    keys.at(s.key(b, kv)),
                                    true,
                                    probabilities.at(p),
                                    s.time,
                                    s.time,
                                    s.headDim,
                                    s.scale(),
                                    0);
                            scores.readRows(p, block, s.time, s.time, stride);
                            if (padding != null) {
                                addToRows(block, bias, s.time, stride);
                            }
                            softmax(block, s.time, stride);
                            scores.writeRows(p, block, s.time, s.time, stride);
                            Gemm.multiply(
                                    probabilities.at(p),
                                    false,
                                    values.at(s.key(b, kv)),
                                    false,
                                    mixed.at(s.query(b, kv, j)),
                                    s.time,
                                    s.headDim,
                                    s.time,
                                    1,
                                    0);
                        }
                    }
                }
            };
        };
    }

    private static void addToRows(float[] block, float[] bias, int time, int stride) {
        for (int row = 0; row < time * stride; row += stride) {
            for (int i = 0; i < time; i++) {
                block[row + i] += bias[i];
            }
        }
    }

    /** Row t becomes the softmax of its first t + 1 scores, zero behind them. */
    private static void softmax(float[] block, int time, int stride) {
        for (int t = 0; t < time; t++) {
            int row = t * stride;
            int seen = t + 1;
            VectorMath.softmax(block, row, seen);
            Arrays.fill(block, row + seen, row + time, 0);
        }
    }

    static Kernel gradient(Attention attention) {
        Sizes s = Sizes.of(attention);
        return new WithScratch(gradient(s), (long) s.time * s.time);
    }

    private static Kernel gradient(Sizes s) {
        return (inputs, outputs) -> {
            Matrix upstream = new Matrix(inputs.get(0), s.queryStride());
            Matrix queries = new Matrix(inputs.get(1), s.queryStride());
            Matrix keys = new Matrix(inputs.get(2), s.keyStride());
            Matrix values = new Matrix(inputs.get(3), s.keyStride());
            Matrix probabilities = new Matrix(inputs.get(4), s.time);
            NativeFloats saved = new NativeFloats(inputs.get(4));
            Matrix dQueries = new Matrix(outputs.get(0), s.queryStride());
            Matrix dKeys = new Matrix(outputs.get(1), s.keyStride());
            Matrix dValues = new Matrix(outputs.get(2), s.keyStride());
            Matrix dScores = new Matrix(outputs.get(3), s.time);
            NativeFloats scratch = new NativeFloats(outputs.get(3));
            float[] p = new float[s.time * s.time];
            float[] d = new float[s.time * s.time];
            return () -> {
                for (int b = 0; b < s.batch; b++) {
                    for (int kv = 0; kv < s.kvHeads; kv++) {
                        for (int j = 0; j < s.group; j++) {
                            long query = s.query(b, kv, j);
                            long key = s.key(b, kv);
                            int at = s.probabilities(b, kv, j);
                            float sum = j == 0 ? 0 : 1;
                            Gemm.multiply(
                                    probabilities.at(at),
                                    true,
                                    upstream.at(query),
                                    false,
                                    dValues.at(key),
                                    s.time,
                                    s.headDim,
                                    s.time,
                                    1,
                                    sum);
                            Gemm.multiply(
                                    upstream.at(query),
                                    false,
                                    values.at(key),
                                    true,
                                    dScores.at(0),
                                    s.time,
                                    s.time,
                                    s.headDim,
                                    1,
                                    0);
                            saved.read(at, p, p.length);
                            scratch.read(0, d, d.length);
                            throughSoftmax(p, d, s.time, s.scale());
                            scratch.write(0, d, d.length);
                            Gemm.multiply(
                                    dScores.at(0),
                                    false,
                                    keys.at(key),
                                    false,
                                    dQueries.at(query),
                                    s.time,
                                    s.headDim,
                                    s.time,
                                    1,
                                    0);
                            Gemm.multiply(
                                    dScores.at(0),
                                    true,
                                    queries.at(query),
                                    false,
                                    dKeys.at(key),
                                    s.time,
                                    s.headDim,
                                    s.time,
                                    1,
                                    sum);
                        }
                    }
                }
            };
        };
    }

    /** d ← scale · p · (d − Σ p·d) for every row; p is 0 where a query does not see. */
    private static void throughSoftmax(float[] p, float[] d, int time, float scale) {
        for (int t = 0; t < time; t++) {
            int row = t * time;
            float sum = VectorMath.dot(p, row, d, row, t + 1);
            for (int i = 0; i <= t; i++) {
                d[row + i] = scale * p[row + i] * (d[row + i] - sum);
            }
            Arrays.fill(d, row + t + 1, row + time, 0);
        }
    }
}
