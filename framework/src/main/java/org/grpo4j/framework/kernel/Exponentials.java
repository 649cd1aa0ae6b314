package org.grpo4j.framework.kernel;

/**
 * Exponentials of scores relative to the largest, with their sum: a softmax before its division. Sums of each
 * {@value #BLOCK} exponentials are kept, so that a place in the running sum is found without adding all of them again.
 * Exact to single precision: the terms are, and the sums of blocks are added in double precision. Reuses its memory: one
 * thread at a time. Runs with or without the vector module.
 */
public final class Exponentials {
    /** Elements of a block. */
    public static final int BLOCK = 512;

    private static final boolean VECTORS = Kernels.vectors();

    private final float[] terms;
    private final double[] blocks;
    private int best;
    private double total;

    /** @param length number of scores */
    public Exponentials(int length) {
        int blockCount = (length + BLOCK - 1) / BLOCK;
        this.terms = new float[blockCount * BLOCK];
        this.blocks = new double[blockCount];
    }

    /**
     * Takes new scores.
     *
     * @param scores at least one; the largest must be finite
     * @param factor multiplies the scores, at least 0: the inverse temperature
     */
    public void of(float[] scores, float factor) {
        best = indexOfLargest(scores);
        float largest = scores[best];
        total = 0;
        for (int block = 0; block < blocks.length; block++) {
            int from = block * BLOCK;
            int length = Math.min(BLOCK, scores.length - from);
            for (int i = 0; i < length; i++) {
                terms[from + i] = (scores[from + i] - largest) * factor;
            }
            blocks[block] = VECTORS ? VectorMath.expAndSum(terms, from, length, 0) : plain(from, length);
            total += blocks[block];
        }
    }

    private double plain(int from, int length) {
        double sum = 0;
        for (int i = from; i < from + length; i++) {
            terms[i] = (float) Math.exp(terms[i]);
            sum += terms[i];
        }
        return sum;
    }

    private static int indexOfLargest(float[] scores) {
        int index = 0;
        if (VECTORS) {
            float largest = VectorMath.max(scores, 0, scores.length);
            while (index < scores.length - 1 && scores[index] != largest) {
                index++;
            }
            return index;
        }
        for (int i = 1; i < scores.length; i++) {
            if (scores[i] > scores[index]) {
                index = i;
            }
        }
        return index;
    }

    /** Index of the largest score, the first of equal ones. */
    public int best() {
        return best;
    }

    /** {@code exp(factor · (scores[i] − largest))}. */
    public float term(int i) {
        return terms[i];
    }

    /** Sum of all terms, between 1 and the number of scores. */
    public double total() {
        return total;
    }

    /**
     * The index at which the running sum of the terms exceeds a number.
     *
     * @param point at least 0 and below {@link #total}
     */
    public int indexAt(double point) {
        double left = point;
        for (int block = 0; block < blocks.length; block++) {
            if (left < blocks[block]) {
                int index = within(block, left);
                if (index >= 0) {
                    return index;
                }
            }
            left -= blocks[block];
        }
        // Rounding can leave a crumb after the last term.
        return best;
    }

    private int within(int block, double point) {
        double left = point;
        for (int i = block * BLOCK; i < (block + 1) * BLOCK; i++) {
            left -= terms[i];
            if (left < 0) {
                return i;
            }
        }
        return -1;
    }
}
