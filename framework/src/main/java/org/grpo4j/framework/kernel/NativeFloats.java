package org.grpo4j.framework.kernel;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Copies between the memory of an array and Java arrays small enough for the first-level cache, where vectors are loaded
 * from. A copy costs a tenth of a nanosecond an element, and unlike views of foreign memory it is the same on every JDK.
 */
final class NativeFloats {
    private final FloatBuffer memory;

    /** The array must be c-ordered FLOAT with at most 2^29 elements, and outlive this view. */
    NativeFloats(INDArray array) {
        this(new FloatPointer(array.data().addressPointer()), array.length());
    }

    /** {@code length} elements from the pointer's address on. */
    NativeFloats(FloatPointer pointer, long length) {
        this.memory = new FloatPointer(pointer)
                .capacity(length)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** A view of each array, in order. */
    static NativeFloats[] of(List<INDArray> arrays) {
        return arrays.stream().map(NativeFloats::new).toArray(NativeFloats[]::new);
    }

    /** Copies {@code length} elements from {@code at} on to the start of {@code target}. */
    void read(int at, float[] target, int length) {
        memory.get(at, target, 0, length);
    }

    /** Copies the first {@code length} elements of {@code source} to {@code at}. */
    void write(int at, float[] source, int length) {
        memory.put(at, source, 0, length);
    }

    /** Reads {@code rows} rows of {@code width} elements, which lie {@code stride} elements apart in {@code target}. */
    void readRows(int at, float[] target, int rows, int width, int stride) {
        if (width == stride) {
            read(at, target, rows * width);
            return;
        }
        for (int row = 0; row < rows; row++) {
            memory.get(at + row * width, target, row * stride, width);
        }
    }

    /** Writes what {@link #readRows} reads. */
    void writeRows(int at, float[] source, int rows, int width, int stride) {
        if (width == stride) {
            write(at, source, rows * width);
            return;
        }
        for (int row = 0; row < rows; row++) {
            memory.put(at + row * width, source, row * stride, width);
        }
    }

    float get(int at) {
        return memory.get(at);
    }

    void put(int at, float value) {
        memory.put(at, value);
    }
}
