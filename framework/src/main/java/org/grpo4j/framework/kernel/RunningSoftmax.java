package org.grpo4j.framework.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The log-normaliser and the entropy of the softmax of a row, from one pass over memory: blocks that fit the first-level
 * cache, the sums of earlier ones rescaled when a larger logit turns up (Milakov and Gimelshein, arXiv 1805.02867).
 */
final class RunningSoftmax {
    /** Elements of a block: 16 KB. */
    static final int BLOCK = 4096;

    private final float[] block = new float[BLOCK];
    private double max;
    /** Σ e^(x − max). */
    private double sum;
    /** Σ e^(x − max) · (x − max). */
    private double product;

    /** Reads a row of {@code width} logits from {@code at} on. */
    void read(NativeFloats logits, int at, int width) {
        max = Double.NEGATIVE_INFINITY;
        sum = 0;
        product = 0;
        for (int i = 0; i < width; i += BLOCK) {
            int length = Math.min(BLOCK, width - i);
            logits.read(at + i, block, length);
            add(length);
        }
    }

    /** log Σ e^x. */
    double logNormaliser() {
        return max + Math.log(sum);
    }

    /** In nats. */
    double entropy() {
        return Math.log(sum) - product / sum;
    }

    private void add(int length) {
        float largest = VectorMath.max(block, 0, length);
        if (largest > max) {
            if (sum > 0) {
                double step = max - largest;
                double factor = Math.exp(step);
                product = factor * (product + step * sum);
                sum *= factor;
            }
            max = largest;
        }
        FloatVector shift = FloatVector.broadcast(VectorMath.SPECIES, (float) max);
        FloatVector sums = FloatVector.zero(VectorMath.SPECIES);
        FloatVector products = FloatVector.zero(VectorMath.SPECIES);
        int lanes = VectorMath.SPECIES.length();
        int i = 0;
        for (; i + lanes <= length; i += lanes) {
            FloatVector x = FloatVector.fromArray(VectorMath.SPECIES, block, i).sub(shift);
            FloatVector e = VectorMath.exp(x);
            sums = sums.add(e);
            products = e.fma(x, products);
        }
        sum += sums.reduceLanes(VectorOperators.ADD);
        product += products.reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            double x = block[i] - max;
            double e = Math.exp(x);
            sum += e;
            product += e * x;
        }
    }
}
