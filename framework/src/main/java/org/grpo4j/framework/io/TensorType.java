package org.grpo4j.framework.io;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;

/** How the numbers of a tensor are stored in a file, always little-endian. */
public enum TensorType {
    F32(4, "float32"),
    F16(2, "float16"),
    BF16(2, "bfloat16"),
    F64(8, "float64");

    private final int bytes;
    private final String torchName;

    TensorType(int bytes, String torchName) {
        this.bytes = bytes;
        this.torchName = torchName;
    }

    /** Size of one number. */
    public int bytes() {
        return bytes;
    }

    /** The name PyTorch and {@code torch_dtype} have for this type. */
    public String torchName() {
        return torchName;
    }

    /**
     * The type that stores arrays without loss: the same numbers, bit by bit.
     *
     * @throws IllegalArgumentException for other types than FLOAT, DOUBLE, BFLOAT16 and HALF
     */
    public static TensorType lossless(DataType dataType) {
        return switch (dataType) {
            case FLOAT -> F32;
            case DOUBLE -> F64;
            case BFLOAT16 -> BF16;
            case HALF -> F16;
            default ->
                throw new IllegalArgumentException("Arrays of type " + dataType
                        + " are neither read nor written; use FLOAT, DOUBLE, BFLOAT16 or HALF.");
        };
    }

    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    static String knownNames() {
        return Arrays.stream(values()).map(TensorType::name).collect(Collectors.joining(", "));
    }

    /** Moves {@code count} numbers of this type to an array's memory; both buffers advance. */
    void decode(ByteBuffer source, ByteBuffer target, DataType dataType, int count) {
        convert(this, source, lossless(dataType), target, count);
    }

    /** Moves {@code count} numbers of an array's memory to this type; both buffers advance. */
    void encode(ByteBuffer source, ByteBuffer target, DataType dataType, int count) {
        convert(lossless(dataType), source, this, target, count);
    }

    /** Rounds to nearest, ties to even, where the target is narrower; everything else is exact. */
    private static void convert(TensorType from, ByteBuffer source, TensorType to, ByteBuffer target, int count) {
        if (from == to && source.order() == target.order()) {
            int end = source.limit();
            target.put(source.limit(source.position() + count * from.bytes));
            source.limit(end);
        } else if (from == F64 || to == F64) {
            for (int i = 0; i < count; i++) {
                to.putDouble(target, from == F64 ? source.getDouble() : from.getFloat(source));
            }
        } else {
            for (int i = 0; i < count; i++) {
                to.putFloat(target, from.getFloat(source));
            }
        }
    }

    private float getFloat(ByteBuffer source) {
        return switch (this) {
            case F32 -> source.getFloat();
            case F16 -> SmallFloats.fromFloat16(source.getShort());
            case BF16 -> SmallFloats.fromBfloat16(source.getShort());
            case F64 -> (float) source.getDouble();
        };
    }

    private void putFloat(ByteBuffer target, float value) {
        switch (this) {
            case F32 -> target.putFloat(value);
            case F16 -> target.putShort(SmallFloats.toFloat16(value));
            case BF16 -> target.putShort(SmallFloats.toBfloat16(value));
            case F64 -> target.putDouble(value);
        }
    }

    private void putDouble(ByteBuffer target, double value) {
        switch (this) {
            case F32 -> target.putFloat((float) value);
            case F16, BF16 -> putFloat(target, SmallFloats.roundedToOdd(value));
            case F64 -> target.putDouble(value);
        }
    }
}
