package org.grpo4j.framework.io;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SmallFloatsTest {

    @Test
    void everyFloat16GoesThroughFloatUnchanged() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = SmallFloats.fromFloat16((short) bits);
            if (Float.isNaN(value)) {
                assertThat(SmallFloats.fromFloat16(SmallFloats.toFloat16(value)))
                        .isNaN();
            } else {
                assertThat(SmallFloats.toFloat16(value)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void everyBfloat16GoesThroughFloatUnchanged() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = SmallFloats.fromBfloat16((short) bits);
            if (Float.isNaN(value)) {
                assertThat(SmallFloats.fromBfloat16(SmallFloats.toBfloat16(value)))
                        .isNaN();
            } else {
                assertThat(SmallFloats.toBfloat16(value)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void knownValues() {
        assertThat(SmallFloats.fromFloat16((short) 0x3c00)).isEqualTo(1f);
        assertThat(SmallFloats.fromFloat16((short) 0x7bff)).isEqualTo(65504f);
        assertThat(SmallFloats.fromFloat16((short) 1)).isEqualTo(0x1p-24f);
        assertThat(SmallFloats.toFloat16(65519.99f)).isEqualTo((short) 0x7bff);
        assertThat(SmallFloats.toFloat16(65520f)).isEqualTo((short) 0x7c00);
        assertThat(SmallFloats.toFloat16(-1e-9f)).isEqualTo((short) 0x8000);
        assertThat(SmallFloats.toBfloat16(Float.MAX_VALUE)).isEqualTo((short) 0x7f80);
        // A NaN with only low mantissa bits set must not become infinity.
        assertThat(SmallFloats.fromBfloat16(SmallFloats.toBfloat16(Float.intBitsToFloat(0x7f800001))))
                .isNaN();
    }

    @Property
    void roundsToTheNearestFloat16(@ForAll float value) {
        short rounded = SmallFloats.toFloat16(value);
        if (Math.abs(value) >= 65520) {
            assertThat(SmallFloats.fromFloat16(rounded)).isInfinite();
            return;
        }
        requireNearest(value, rounded, SmallFloats::fromFloat16);
    }

    @Property
    void smallValuesRoundToTheNearestFloat16(@ForAll float value) {
        float scaled = (float) Math.IEEEremainder(value, 2) * 0x1p-13f;
        requireNearest(scaled, SmallFloats.toFloat16(scaled), SmallFloats::fromFloat16);
    }

    @Property
    void roundsToTheNearestBfloat16(@ForAll float value) {
        short rounded = SmallFloats.toBfloat16(value);
        if (Float.isFinite(SmallFloats.fromBfloat16(rounded))) {
            requireNearest(value, rounded, SmallFloats::fromBfloat16);
        }
    }

    /** What one rounding gives, though it goes through a float: ties and near-ties of both formats. */
    @Property
    void doublesAreRoundedOnce(@ForAll float value, @ForAll @IntRange(min = -2, max = 2) int nudge) {
        double halfway = halfway(value);
        if (!Double.isFinite(halfway)) {
            return;
        }
        double tie = Double.longBitsToDouble(Double.doubleToRawLongBits(halfway) + nudge);
        short bfloat16 = SmallFloats.toBfloat16(SmallFloats.roundedToOdd(tie));
        if (Float.isFinite(SmallFloats.fromBfloat16(bfloat16))) {
            requireNearest(tie, bfloat16, SmallFloats::fromBfloat16);
        }
        double small = Math.IEEEremainder(tie, 4);
        requireNearest(small, SmallFloats.toFloat16(SmallFloats.roundedToOdd(small)), SmallFloats::fromFloat16);
    }

    /** Halfway between a bfloat16 and the next larger one. */
    private static double halfway(float value) {
        int bits = Float.floatToRawIntBits(value) & 0xffff0000;
        double low = Float.intBitsToFloat(bits);
        return (low + Float.intBitsToFloat(bits + 0x10000)) / 2;
    }

    private interface FromBits {
        float value(short bits);
    }

    /** Neighbouring magnitudes have neighbouring bit patterns, in both formats. */
    private static void requireNearest(double value, short rounded, FromBits from) {
        double distance = Math.abs((double) from.value(rounded) - value);
        for (int step : new int[] {-1, 1}) {
            int magnitude = (rounded & 0x7fff) + step;
            if (magnitude < 0) {
                continue;
            }
            float neighbour = from.value((short) (rounded & 0x8000 | magnitude));
            double other = Math.abs((double) neighbour - value);
            assertThat(distance).isLessThanOrEqualTo(other);
            if (distance == other) {
                assertThat(rounded & 1).as("ties go to even").isZero();
            }
        }
    }
}
