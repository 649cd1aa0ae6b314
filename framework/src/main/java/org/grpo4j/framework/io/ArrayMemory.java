package org.grpo4j.framework.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The host memory of a contiguous c-ordered array, seen through byte buffers. A buffer holds at most 2 GB, so larger
 * arrays are visited in windows. The buffers are valid as long as the array is open.
 */
public final class ArrayMemory {

    /** 4 MB of floats: large enough that calls cost nothing, small enough to stay in cache while being converted. */
    public static final int WINDOW_ELEMENTS = 1 << 20;

    private final INDArray array;
    private final int elementBytes;

    private ArrayMemory(INDArray array) {
        this.array = array;
        this.elementBytes = array.dataType().width();
    }

    /** Makes the newest numbers visible in host memory, wherever the backend keeps them. */
    public static ArrayMemory toRead(INDArray array) {
        Nd4j.getExecutioner().commit();
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        return new ArrayMemory(array);
    }

    /** Memory to be filled; {@link #written} must follow. */
    public static ArrayMemory toWrite(INDArray array) {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
        return new ArrayMemory(array);
    }

    /** Tells the backend that host memory now holds the newest numbers. */
    public void written() {
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }

    /** Writes numbers from element {@code first} on, rounded to nearest even where the array's type is narrower. */
    public void write(long first, float[] values, int count) {
        ByteBuffer numbers = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.nativeOrder());
        numbers.asFloatBuffer().put(values, 0, count);
        TensorType.F32.decode(numbers, window(first, count), array.dataType(), count);
    }

    /** Elements {@code first} to {@code first + count - 1}, in the byte order of the machine. */
    public ByteBuffer window(long first, int count) {
        BytePointer bytes = new BytePointer(array.data().addressPointer());
        bytes.capacity(array.length() * elementBytes);
        bytes.position(first * elementBytes).limit((first + count) * elementBytes);
        return bytes.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}
