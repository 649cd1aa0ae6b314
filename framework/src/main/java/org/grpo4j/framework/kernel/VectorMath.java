package org.grpo4j.framework.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Loops over Java arrays with the widest vectors of the machine. Lengths need not be multiples of the vector width. */
final class VectorMath {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    // exp(x) = 2^k · e^r by the polynomial of Cephes' expf; adding 1.5 · 2^23 rounds to an integer in the low bits.
    private static final FloatVector LOG2_E = FloatVector.broadcast(SPECIES, 1.44269504f);
    private static final FloatVector ROUND = FloatVector.broadcast(SPECIES, 12582912f);
    private static final FloatVector LN2_HIGH = FloatVector.broadcast(SPECIES, -0.693359375f);
    private static final FloatVector LN2_LOW = FloatVector.broadcast(SPECIES, 2.12194440e-4f);
    private static final FloatVector C0 = FloatVector.broadcast(SPECIES, 1.9875691500e-4f);
    private static final FloatVector C1 = FloatVector.broadcast(SPECIES, 1.3981999507e-3f);
    private static final FloatVector C2 = FloatVector.broadcast(SPECIES, 8.3334519073e-3f);
    private static final FloatVector C3 = FloatVector.broadcast(SPECIES, 4.1665795894e-2f);
    private static final FloatVector C4 = FloatVector.broadcast(SPECIES, 1.6666665459e-1f);
    private static final FloatVector C5 = FloatVector.broadcast(SPECIES, 5.0000001201e-1f);
    private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);
    private static final FloatVector LOWEST = FloatVector.broadcast(SPECIES, -87f);
    private static final FloatVector HIGHEST = FloatVector.broadcast(SPECIES, 88f);

    // Lanes turned by 8, 4, 2 and 1 places, for reductions in a tree: reduceLanes goes lane by lane, which takes three
    // times as long for sums and six times as long for maxima.
    private static final VectorShuffle<Float> BY_8 = turned(8);
    private static final VectorShuffle<Float> BY_4 = turned(4);
    private static final VectorShuffle<Float> BY_2 = turned(2);
    private static final VectorShuffle<Float> BY_1 = turned(1);

    private VectorMath() {}

    private static VectorShuffle<Float> turned(int places) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane + places) % LANES);
    }

    /** The sum of all lanes. */
    static float sum(FloatVector x) {
        if (LANES > 16) {
            return x.reduceLanes(VectorOperators.ADD);
        }
        FloatVector y = x;
        if (LANES > 8) {
            y = y.add(y.rearrange(BY_8));
        }
        if (LANES > 4) {
            y = y.add(y.rearrange(BY_4));
        }
        if (LANES > 2) {
            y = y.add(y.rearrange(BY_2));
        }
        return y.add(y.rearrange(BY_1)).lane(0);
    }

    /** The largest lane. */
    static float max(FloatVector x) {
        if (LANES > 16) {
            return x.reduceLanes(VectorOperators.MAX);
        }
        FloatVector y = x;
        if (LANES > 8) {
            y = y.max(y.rearrange(BY_8));
        }
        if (LANES > 4) {
            y = y.max(y.rearrange(BY_4));
        }
        if (LANES > 2) {
            y = y.max(y.rearrange(BY_2));
        }
        return y.max(y.rearrange(BY_1)).lane(0);
    }

    /** Rounds a length up so that whole vectors cover it; arrays that are swept by vectors have this size. */
    static int padded(int length) {
        return (length + LANES - 1) / LANES * LANES;
    }

    /** e^x within 2 ulp; arguments beyond ±87 are held there. */
    static FloatVector exp(FloatVector x) {
        FloatVector held = x.max(LOWEST).min(HIGHEST);
        FloatVector rounded = held.fma(LOG2_E, ROUND);
        FloatVector k = rounded.sub(ROUND);
        FloatVector r = k.fma(LN2_LOW, k.fma(LN2_HIGH, held));
        FloatVector p = C0.fma(r, C1).fma(r, C2).fma(r, C3).fma(r, C4).fma(r, C5);
        FloatVector y = p.fma(r.mul(r), r.add(ONE));
        return y.reinterpretAsInts()
                .add(rounded.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats();
    }

    /** 1 / (1 + e^−x). */
    static FloatVector sigmoid(FloatVector x) {
        return ONE.div(exp(x.neg()).add(ONE));
    }

    /** The largest of the first {@code length} elements from {@code from} on. */
    static float max(float[] x, int from, int length) {
        int i = 0;
        float max = Float.NEGATIVE_INFINITY;
        if (length >= LANES) {
            FloatVector best = FloatVector.fromArray(SPECIES, x, from);
            for (i = LANES; i + LANES <= length; i += LANES) {
                best = best.max(FloatVector.fromArray(SPECIES, x, from + i));
            }
            max = max(best);
        }
        for (; i < length; i++) {
            max = Math.max(max, x[from + i]);
        }
        return max;
    }

    /**
     * Replaces x by exp(x − shift) and returns the sum. Elements behind {@code length}, up to {@link #padded}, are
     * overwritten with zeros.
     */
    static float expAndSum(float[] x, int from, int length, float shift) {
        for (int i = length; i < padded(length); i++) {
            x[from + i] = Float.NEGATIVE_INFINITY;
        }
        FloatVector sum = FloatVector.zero(SPECIES);
        FloatVector by = FloatVector.broadcast(SPECIES, shift);
        for (int i = 0; i < length; i += LANES) {
            FloatVector e = exp(FloatVector.fromArray(SPECIES, x, from + i).sub(by));
            e.intoArray(x, from + i);
            sum = sum.add(e);
        }
        float total = sum(sum);
        for (int i = length; i < padded(length); i++) {
            total -= x[from + i];
            x[from + i] = 0;
        }
        return total;
    }

    /** Replaces x by its softmax. Elements behind {@code length}, up to {@link #padded}, are overwritten. */
    static void softmax(float[] x, int from, int length) {
        int padded = padded(length);
        Arrays.fill(x, from + length, from + padded, Float.NEGATIVE_INFINITY);
        // Lanes behind the end count as e^-87, which is nothing beside the largest element's 1.
        float total = expAndSum(x, from, padded, max(x, from, padded));
        scale(x, from, length, 1 / total);
    }

    /** x ← e^(x − shift) · (constant + slope · (x − shift)) over {@code padded(length)} elements. */
    static void expTimesLine(float[] x, int length, float shift, float constant, float slope) {
        FloatVector by = FloatVector.broadcast(SPECIES, shift);
        FloatVector intercept = FloatVector.broadcast(SPECIES, constant);
        FloatVector rise = FloatVector.broadcast(SPECIES, slope);
        for (int i = 0; i < length; i += LANES) {
            FloatVector shifted = FloatVector.fromArray(SPECIES, x, i).sub(by);
            exp(shifted).mul(shifted.fma(rise, intercept)).intoArray(x, i);
        }
    }

    /** x ← factor · x over {@code padded(length)} elements. */
    static void scale(float[] x, int from, int length, float factor) {
        FloatVector by = FloatVector.broadcast(SPECIES, factor);
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, from + i).mul(by).intoArray(x, from + i);
        }
    }

    /** Σ a·b over {@code length} elements. */
    static float dot(float[] a, int fromA, float[] b, int fromB, int length) {
        int i = 0;
        FloatVector sum = FloatVector.zero(SPECIES);
        for (; i + LANES <= length; i += LANES) {
            sum = FloatVector.fromArray(SPECIES, a, fromA + i).fma(FloatVector.fromArray(SPECIES, b, fromB + i), sum);
        }
        float total = sum(sum);
        for (; i < length; i++) {
            total += a[fromA + i] * b[fromB + i];
        }
        return total;
    }

    /** y ← y + factor · x over {@code length} elements. */
    static void addScaled(float[] y, int fromY, float[] x, int fromX, int length, float factor) {
        int i = 0;
        FloatVector by = FloatVector.broadcast(SPECIES, factor);
        for (; i + LANES <= length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, fromX + i)
                    .fma(by, FloatVector.fromArray(SPECIES, y, fromY + i))
                    .intoArray(y, fromY + i);
        }
        for (; i < length; i++) {
            y[fromY + i] += factor * x[fromX + i];
        }
    }
}
