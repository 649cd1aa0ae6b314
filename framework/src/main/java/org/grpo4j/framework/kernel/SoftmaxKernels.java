package org.grpo4j.framework.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What is computed from the softmax of logits: log-probability of a token, entropy, and the gradient of the first. */
final class SoftmaxKernels {
    private SoftmaxKernels() {}

    static Kernel tokenLogProbs() {
        return (inputs, outputs) -> {
            Rows rows = new Rows(inputs.get(0));
            INDArray targets = inputs.get(1);
            NativeFloats out = new NativeFloats(outputs.get(0));
            return () -> {
                for (int r = 0; r < rows.count; r++) {
                    rows.read(r);
                    float chosen = rows.row[targets.getInt(r)];
                    float max = VectorMath.max(rows.row, 0, rows.width);
                    double total = VectorMath.expAndSum(rows.row, 0, rows.width, max);
                    out.put(r, (float) (chosen - max - Math.log(total)));
                }
            };
        };
    }

    static Kernel tokenLogProbsGradient() {
        return (inputs, outputs) -> {
            NativeFloats upstream = new NativeFloats(inputs.get(0));
            Rows rows = new Rows(inputs.get(1));
            INDArray targets = inputs.get(2);
            NativeFloats out = new NativeFloats(outputs.get(0));
            return () -> {
                for (int r = 0; r < rows.count; r++) {
                    float d = upstream.get(r);
                    rows.read(r);
                    float max = VectorMath.max(rows.row, 0, rows.width);
                    float total = VectorMath.expAndSum(rows.row, 0, rows.width, max);
                    VectorMath.scale(rows.row, 0, rows.width, -d / total);
                    rows.row[targets.getInt(r)] += d;
                    out.write(r * rows.width, rows.row, rows.width);
                }
            };
        };
    }

    static Kernel entropy() {
        return (inputs, outputs) -> {
            Rows rows = new Rows(inputs.get(0));
            NativeFloats out = new NativeFloats(outputs.get(0));
            return () -> {
                for (int r = 0; r < rows.count; r++) {
                    rows.read(r);
                    out.put(r, entropy(rows.row, rows.width));
                }
            };
        };
    }

    /** log Σ e^(x − max) − Σ e^(x − max) (x − max) / Σ e^(x − max). */
    private static float entropy(float[] row, int width) {
        float max = VectorMath.max(row, 0, width);
        FloatVector shift = FloatVector.broadcast(VectorMath.SPECIES, max);
        FloatVector sums = FloatVector.zero(VectorMath.SPECIES);
        FloatVector products = FloatVector.zero(VectorMath.SPECIES);
        int lanes = VectorMath.SPECIES.length();
        int i = 0;
        for (; i + lanes <= width; i += lanes) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, row, i).sub(shift);
            FloatVector e = VectorMath.exp(x);
            sums = sums.add(e);
            products = e.fma(x, products);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        double product = products.reduceLanes(VectorOperators.ADD);
        for (; i < width; i++) {
            double x = row[i] - max;
            sum += Math.exp(x);
            product += Math.exp(x) * x;
        }
        return (float) (Math.log(sum) - product / sum);
    }

    /** Rows of a matrix, read one at a time. */
    private static final class Rows {
        final NativeFloats memory;
        final int count;
        final int width;
        final float[] row;

        Rows(INDArray matrix) {
            this.memory = new NativeFloats(matrix);
            this.count = (int) matrix.size(0);
            this.width = (int) matrix.size(1);
            this.row = new float[VectorMath.padded(width)];
        }

        void read(int r) {
            memory.read(r * width, row, width);
        }
    }
}
