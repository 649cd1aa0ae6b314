package org.grpo4j.framework;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk access to the numbers of c-ordered FLOAT arrays from Java, without an array or buffer object a call. On backends
 * with memory of their own the host copy is brought up to date before a read and marked as newer after a write.
 */
public final class HostMemory {
    private static final long LONGEST_BUFFER = (1 << 29) - 1;

    private final INDArray array;
    private final FloatPointer pointer;
    /** The same memory without a call into native code an access, up to the 2^29 elements a Java buffer can hold. */
    private final FloatBuffer floats;

    /** Views the memory of an array, which must outlive this view. */
    public HostMemory(INDArray array) {
        if (array.dataType() != DataType.FLOAT || array.ordering() != 'c') {
            throw new IllegalArgumentException("only c-ordered FLOAT arrays can be viewed, not " + array.dataType()
                    + " in order '" + array.ordering() + "'");
        }
        this.array = array;
        this.pointer = new FloatPointer(array.data().addressPointer());
        this.floats = new FloatPointer(array.data().addressPointer())
                .capacity(Math.min(array.length(), LONGEST_BUFFER))
                .asByteBuffer()
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** Makes numbers computed by ops visible to {@link #read} and {@link #copyTo}; call once after a plan ran. */
    public void fetch() {
        Nd4j.getAffinityManager().ensureLocation(array, Location.HOST);
    }

    /** Makes numbers written from Java visible to ops; call once after the last write. */
    public void publish() {
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }

    /** Copies {@code target.length} numbers from element {@code from} on. */
    public void read(long from, float[] target) {
        pointer.position(from).get(target);
    }

    /** Writes all of {@code source} from element {@code to} on. */
    public void write(long to, float[] source) {
        pointer.position(to).put(source);
    }

    /** Writes one number. */
    public void write(long to, float value) {
        pointer.position(0).put(to, value);
    }

    /** Writes {@code length} elements of {@code source} from {@code from} on, next to each other from element {@code to} on. */
    public void write(int to, float[] source, int from, int length) {
        floats.put(to, source, from, length);
    }

    /** Writes {@code length} elements of {@code source} from {@code from} on, {@code stride} elements apart. */
    public void scatter(int to, int stride, float[] source, int from, int length) {
        for (int i = 0; i < length; i++) {
            floats.put(to + i * stride, source[from + i]);
        }
    }

    /** Copies {@code target.length} numbers from element {@code from} on; several threads may read at once. */
    public void readShared(int from, float[] target) {
        floats.get(from, target);
    }

    /** Copies {@code length} numbers from element {@code from} on to another array, or within this one. */
    public void copyTo(int from, HostMemory target, int to, int length) {
        target.floats.put(to, floats, from, length);
    }
}
