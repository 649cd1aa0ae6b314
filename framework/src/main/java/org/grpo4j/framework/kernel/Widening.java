package org.grpo4j.framework.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * 16-bit floats to floats, exactly: subnormal numbers, infinities and the bits of NaN included. Sweeps whole vectors, so
 * arrays have at least {@link VectorMath#padded} elements.
 */
final class Widening {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    /** As many shorts as there are floats in a vector. */
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));

    private static final int LANES = INTS.length();
    private static final IntVector SIGN = IntVector.broadcast(INTS, 0x8000_0000);
    private static final IntVector MAGNITUDE = IntVector.broadcast(INTS, 0x7fff_0000);
    /** One in the exponent of a float; a magnitude below it has exponent zero: it is zero or subnormal. */
    private static final IntVector ONE = IntVector.broadcast(INTS, 1 << 23);
    /** The exponent of infinity and NaN, where a float has its own. */
    private static final IntVector ENDLESS = IntVector.broadcast(INTS, 31 << 23);
    /** What a float's exponent is larger by; once more leads from the largest exponent to the largest. */
    private static final IntVector BIAS = IntVector.broadcast(INTS, 112 << 23);

    private static final FloatVector SMALLEST_NORMAL = FloatVector.broadcast(FloatVector.SPECIES_PREFERRED, 0x1p-14f);

    private Widening() {}

    /** A bfloat16 is the upper half of a float. */
    static void bfloat16(short[] bits, float[] target, int length) {
        for (int i = 0; i < length; i += LANES) {
            upperHalves(bits, i).reinterpretAsFloats().intoArray(target, i);
        }
    }

    /** Bit arithmetic after F. Giesen: the exponent moves and is rebased, a subnormal loses the one it never had. */
    static void half(short[] bits, float[] target, int length) {
        for (int i = 0; i < length; i += LANES) {
            IntVector upper = upperHalves(bits, i);
            IntVector magnitude = upper.and(MAGNITUDE).lanewise(VectorOperators.LSHR, 3);
            IntVector normal = magnitude.add(BIAS);
            IntVector subnormal =
                    normal.add(ONE).reinterpretAsFloats().sub(SMALLEST_NORMAL).reinterpretAsInts();
            normal.blend(subnormal, magnitude.compare(VectorOperators.LT, ONE))
                    .blend(normal.add(BIAS), magnitude.compare(VectorOperators.GE, ENDLESS))
                    .or(upper.and(SIGN))
                    .reinterpretAsFloats()
                    .intoArray(target, i);
        }
    }

    private static IntVector upperHalves(short[] bits, int at) {
        IntVector values =
                (IntVector) ShortVector.fromArray(SHORTS, bits, at).convertShape(VectorOperators.S2I, INTS, 0);
        return values.lanewise(VectorOperators.LSHL, 16);
    }
}
