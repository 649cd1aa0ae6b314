package org.grpo4j.framework.io;

/** The 16-bit float formats, by their bits. (The JDK converts float16 itself only from Java 20 on.) */
final class SmallFloats {

    private SmallFloats() {}

    /** The upper half of a float is a bfloat16. */
    static float fromBfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even; what is too large becomes infinite. */
    static short toBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            // Rounding could carry a NaN into infinity; keep its upper half and set the quiet bit.
            return (short) (bits >>> 16 | 0x40);
        }
        int roundUp = 0x7fff + (bits >>> 16 & 1);
        return (short) (bits + roundUp >>> 16);
    }

    /**
     * A double as a float to be rounded once more: what is not exact becomes the neighbour with an odd last bit, which no
     * longer lies on a tie of a narrower format, so that the second rounding gives what one alone would have given (Boldo
     * and Melquiond, "Emulation of a FMA and correctly rounded sums", 2008).
     */
    static float roundedToOdd(double value) {
        float nearest = (float) value;
        int bits = Float.floatToRawIntBits(nearest);
        if (nearest == value || Double.isNaN(value) || (bits & 1) == 1) {
            return nearest;
        }
        // Magnitudes grow with their bits, on both sides of zero.
        return Float.intBitsToFloat(Math.abs((double) nearest) > Math.abs(value) ? bits - 1 : bits + 1);
    }

    static float fromFloat16(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >>> 10 & 0x1f;
        int mantissa = bits & 0x3ff;
        if (exponent == 0) {
            // Zero and subnormal: mantissa times 2^-24, exact in a float.
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(mantissa * 0x1p-24f));
        }
        int floatExponent = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | floatExponent << 23 | mantissa << 13);
    }

    /** Rounds to nearest, ties to even; what is too large becomes infinite. */
    static short toFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7e00 | bits >>> 13 & 0x3ff);
        }
        if (magnitude < 0x1p-14f) {
            // Math.rint rounds ties to even; 1024 carries over into the smallest normal number by itself.
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
        }
        if (magnitude >= 65520) {
            return (short) (sign | 0x7c00);
        }
        int absolute = bits & 0x7fffffff;
        int roundUp = 0xfff + (absolute >>> 13 & 1);
        return (short) (sign | (absolute + roundUp >>> 13) - (112 << 10));
    }
}
