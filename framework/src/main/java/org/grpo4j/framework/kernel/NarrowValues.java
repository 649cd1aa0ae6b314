package org.grpo4j.framework.kernel;

import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The memory of an array in BFLOAT16 or HALF. Several threads may read at once. */
final class NarrowValues {
    private static final int MOST = (1 << 30) - 1;

    private final ShortBuffer memory;
    private final boolean half;

    /** The array must be c-ordered with fewer than 2^30 elements, and outlive this view. */
    NarrowValues(INDArray array) {
        if (array.length() > MOST) {
            throw new IllegalArgumentException("a narrow weight of " + array.length()
                    + " elements is too large: at most " + MOST + " can be addressed");
        }
        this.half = array.dataType() == DataType.HALF;
        this.memory = new BytePointer(array.data().addressPointer())
                .capacity(array.length() * Short.BYTES)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asShortBuffer();
    }

    /** Copies the bits of {@code length} elements from {@code at} on. */
    void read(int at, short[] target, int to, int length) {
        memory.get(at, target, to, length);
    }

    /**
     * Widens {@code length} elements from {@code at} on to the start of {@code target}.
     *
     * @param bits room for them; both arrays are overwritten up to {@link VectorMath#padded}
     */
    void widen(int at, short[] bits, float[] target, int length) {
        read(at, bits, 0, length);
        if (half) {
            Widening.half(bits, target, length);
        } else {
            Widening.bfloat16(bits, target, length);
        }
    }
}
