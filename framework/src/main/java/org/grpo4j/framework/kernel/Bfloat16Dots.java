package org.grpo4j.framework.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Columns of {@code x · weightᵀ} for a few rows x {@code [m, k]} and weights {@code [n, k]} in BFLOAT16. Such a product
 * is bound by reading the weights, of which there are half as many bytes as in FLOAT: with one row it takes 0.6 to 0.8
 * times as long as in FLOAT, with 8 rows 0.8 times. With 16 rows, widening for a large product is as fast.
 *
 * <p>A pair of neighbouring bfloat16 numbers is one int, whose halves are made floats by a shift and by a mask, without
 * moving lanes. So weights are multiplied as they lie, with the even and the odd elements of x apart.
 */
final class Bfloat16Dots {
    static final int MOST_ROWS = 8;

    /** Columns whose results are collected before they are written. */
    private static final int BLOCK = 64;

    private static final int ROWS_AT_ONCE = 4;
    private static final int WEIGHTS_AT_ONCE = 4;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
    private static final int LANES = FLOATS.length();
    private static final IntVector UPPER = IntVector.broadcast(IntVector.SPECIES_PREFERRED, 0xffff_0000);

    private final NativeFloats x;
    private final NarrowValues weight;
    private final NativeFloats product;
    private final int m;
    private final int n;
    private final int k;
    private final int from;
    private final int to;
    /** Elements of a row in each of the two arrays of x, whole vectors: behind the end they are zero. */
    private final int halfWidth;

    private final float[] row;
    private final float[] even;
    private final float[] odd;
    private final short[] weights;
    private final float[] results;
    private final float[] sum = new float[BLOCK];

    /** The product restricted to columns {@code from} to {@code to}. */
    Bfloat16Dots(INDArray x, INDArray weight, INDArray product, int from, int to) {
        this.m = (int) x.size(0);
        this.n = (int) weight.size(0);
        this.k = (int) weight.size(1);
        this.x = new NativeFloats(x);
        this.weight = new NarrowValues(weight);
        this.product = new NativeFloats(product);
        this.from = from;
        this.to = to;
        this.halfWidth = VectorMath.padded((k + 1) / 2);
        int rows = m == 1 ? 1 : (m + ROWS_AT_ONCE - 1) / ROWS_AT_ONCE * ROWS_AT_ONCE;
        this.row = new float[k];
        this.even = new float[rows * halfWidth];
        this.odd = new float[rows * halfWidth];
        this.weights = new short[WEIGHTS_AT_ONCE * 2 * halfWidth];
        this.results = new float[rows * BLOCK];
    }

    /** @param adds whether to add to what is there */
    void run(boolean adds) {
        splitRows();
        for (int first = from; first < to; first += BLOCK) {
            int columns = Math.min(BLOCK, to - first);
            for (int column = 0; column < columns; column += WEIGHTS_AT_ONCE) {
                // Behind the last column there are old weights, whose results nobody reads.
                readWeights(first + column, Math.min(WEIGHTS_AT_ONCE, columns - column));
                multiply(column);
            }
            write(first, columns, adds);
        }
    }

    private void splitRows() {
        for (int r = 0; r < m; r++) {
            x.read(r * k, row, k);
            int at = r * halfWidth;
            for (int i = 0; i < k / 2; i++) {
                even[at + i] = row[2 * i];
                odd[at + i] = row[2 * i + 1];
            }
            if (k % 2 == 1) {
                even[at + k / 2] = row[k - 1];
            }
        }
    }

    private void readWeights(int first, int count) {
        for (int i = 0; i < count; i++) {
            weight.read((first + i) * k, weights, i * 2 * halfWidth, k);
        }
    }

    private void multiply(int column) {
        if (m == 1) {
            multiplyOneRow(column);
            return;
        }
        for (int r = 0; r < m; r += ROWS_AT_ONCE) {
            multiplyFourRows(0, r, column);
            multiplyFourRows(2, r, column + 2);
        }
    }

    /** One row of x with four of the weights. */
    private void multiplyOneRow(int column) {
        int stride = 2 * halfWidth;
        FloatVector sum0 = FloatVector.zero(FLOATS);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        FloatVector odd0 = sum0;
        FloatVector odd1 = sum0;
        FloatVector odd2 = sum0;
        FloatVector odd3 = sum0;
        for (int i = 0; i < halfWidth; i += LANES) {
            IntVector w0 = pairs(weights, 2 * i);
            IntVector w1 = pairs(weights, stride + 2 * i);
            IntVector w2 = pairs(weights, 2 * stride + 2 * i);
            IntVector w3 = pairs(weights, 3 * stride + 2 * i);
            FloatVector x0 = FloatVector.fromArray(FLOATS, even, i);
            sum0 = x0.fma(lower(w0), sum0);
            sum1 = x0.fma(lower(w1), sum1);
            sum2 = x0.fma(lower(w2), sum2);
            sum3 = x0.fma(lower(w3), sum3);
            FloatVector x1 = FloatVector.fromArray(FLOATS, odd, i);
            odd0 = x1.fma(upper(w0), odd0);
            odd1 = x1.fma(upper(w1), odd1);
            odd2 = x1.fma(upper(w2), odd2);
            odd3 = x1.fma(upper(w3), odd3);
        }
        results[column] = VectorMath.sum(sum0.add(odd0));
        results[column + 1] = VectorMath.sum(sum1.add(odd1));
        results[column + 2] = VectorMath.sum(sum2.add(odd2));
        results[column + 3] = VectorMath.sum(sum3.add(odd3));
    }

    /** Four rows of x, from {@code first} on, with two of the weights. */
    private void multiplyFourRows(int firstWeight, int first, int column) {
        int w = firstWeight * 2 * halfWidth;
        int at = first * halfWidth;
        FloatVector sum00 = FloatVector.zero(FLOATS);
        FloatVector sum01 = sum00;
        FloatVector sum10 = sum00;
        FloatVector sum11 = sum00;
        FloatVector sum20 = sum00;
        FloatVector sum21 = sum00;
        FloatVector sum30 = sum00;
        FloatVector sum31 = sum00;
        for (int i = 0; i < halfWidth; i += LANES) {
            IntVector pairs0 = pairs(weights, w + 2 * i);
            IntVector pairs1 = pairs(weights, w + 2 * halfWidth + 2 * i);
            FloatVector w0 = lower(pairs0);
            FloatVector w1 = lower(pairs1);
            FloatVector x0 = FloatVector.fromArray(FLOATS, even, at + i);
            FloatVector x1 = FloatVector.fromArray(FLOATS, even, at + halfWidth + i);
            FloatVector x2 = FloatVector.fromArray(FLOATS, even, at + 2 * halfWidth + i);
            FloatVector x3 = FloatVector.fromArray(FLOATS, even, at + 3 * halfWidth + i);
            sum00 = x0.fma(w0, sum00);
            sum01 = x0.fma(w1, sum01);
            sum10 = x1.fma(w0, sum10);
            sum11 = x1.fma(w1, sum11);
            sum20 = x2.fma(w0, sum20);
            sum21 = x2.fma(w1, sum21);
            sum30 = x3.fma(w0, sum30);
            sum31 = x3.fma(w1, sum31);
            w0 = upper(pairs0);
            w1 = upper(pairs1);
            x0 = FloatVector.fromArray(FLOATS, odd, at + i);
            x1 = FloatVector.fromArray(FLOATS, odd, at + halfWidth + i);
            x2 = FloatVector.fromArray(FLOATS, odd, at + 2 * halfWidth + i);
            x3 = FloatVector.fromArray(FLOATS, odd, at + 3 * halfWidth + i);
            sum00 = x0.fma(w0, sum00);
            sum01 = x0.fma(w1, sum01);
            sum10 = x1.fma(w0, sum10);
            sum11 = x1.fma(w1, sum11);
            sum20 = x2.fma(w0, sum20);
            sum21 = x2.fma(w1, sum21);
            sum30 = x3.fma(w0, sum30);
            sum31 = x3.fma(w1, sum31);
        }
        int result = first * BLOCK + column;
        results[result] = VectorMath.sum(sum00);
        results[result + 1] = VectorMath.sum(sum01);
        results[result + BLOCK] = VectorMath.sum(sum10);
        results[result + BLOCK + 1] = VectorMath.sum(sum11);
        results[result + 2 * BLOCK] = VectorMath.sum(sum20);
        results[result + 2 * BLOCK + 1] = VectorMath.sum(sum21);
        results[result + 3 * BLOCK] = VectorMath.sum(sum30);
        results[result + 3 * BLOCK + 1] = VectorMath.sum(sum31);
    }

    /** The vector API counts the shorts of an int from its lower half on, whatever the machine. */
    private static IntVector pairs(short[] weights, int at) {
        return ShortVector.fromArray(SHORTS, weights, at).reinterpretAsInts();
    }

    private static FloatVector lower(IntVector pairs) {
        return pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static FloatVector upper(IntVector pairs) {
        return pairs.and(UPPER).reinterpretAsFloats();
    }

    private void write(int first, int columns, boolean adds) {
        for (int r = 0; r < m; r++) {
            if (adds) {
                product.read(r * n + first, sum, columns);
                VectorMath.addScaled(sum, 0, results, r * BLOCK, columns, 1);
            } else {
                System.arraycopy(results, r * BLOCK, sum, 0, columns);
            }
            product.write(r * n + first, sum, columns);
        }
    }
}
