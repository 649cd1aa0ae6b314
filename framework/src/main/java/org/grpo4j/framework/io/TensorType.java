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

    /** The type that stores FLOAT or DOUBLE arrays without loss. */
    public static TensorType lossless(DataType dataType) {
        return dataType == DataType.DOUBLE ? F64 : F32;
    }

    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    static String knownNames() {
        return Arrays.stream(values()).map(TensorType::name).collect(Collectors.joining(", "));
    }

    /** Moves {@code count} numbers of this type to an array's memory; both buffers advance. */
    void decode(ByteBuffer source, ByteBuffer target, DataType dataType, int count) {
        if (this == lossless(dataType) && source.order() == target.order()) {
            target.put(source.limit(source.position() + count * bytes));
        } else if (dataType == DataType.FLOAT) {
            for (int i = 0; i < count; i++) {
                target.putFloat(
                        switch (this) {
                            case F32 -> source.getFloat();
                            case F16 -> SmallFloats.fromFloat16(source.getShort());
                            case BF16 -> SmallFloats.fromBfloat16(source.getShort());
                            case F64 -> (float) source.getDouble();
                        });
            }
        } else {
            for (int i = 0; i < count; i++) {
                target.putDouble(
                        switch (this) {
                            case F32 -> source.getFloat();
                            case F16 -> SmallFloats.fromFloat16(source.getShort());
                            case BF16 -> SmallFloats.fromBfloat16(source.getShort());
                            case F64 -> source.getDouble();
                        });
            }
        }
    }

    /** Moves {@code count} numbers of an array's memory to this type, rounding to nearest even; both buffers advance. */
    void encode(ByteBuffer source, ByteBuffer target, DataType dataType, int count) {
        if (this == lossless(dataType) && source.order() == target.order()) {
            target.put(source.limit(source.position() + count * bytes));
            return;
        }
        for (int i = 0; i < count; i++) {
            double value = dataType == DataType.FLOAT ? source.getFloat() : source.getDouble();
            switch (this) {
                case F32 -> target.putFloat((float) value);
                case F16 -> target.putShort(SmallFloats.toFloat16((float) value));
                case BF16 -> target.putShort(SmallFloats.toBfloat16((float) value));
                case F64 -> target.putDouble(value);
            }
        }
    }
}
