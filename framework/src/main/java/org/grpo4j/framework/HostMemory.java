package org.grpo4j.framework;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Bulk access to the numbers of c-ordered FLOAT arrays from Java, without an array or buffer object a call. On backends
 * with memory of their own the host copy is brought up to date before a read and marked as newer after a write.
 */
public final class HostMemory {
    private final INDArray array;
    private final FloatPointer pointer;
    /** The same memory counted in bytes, as {@link Pointer#memcpy} counts positions whatever the pointer's type. */
    private final BytePointer bytes;

    /** Views the memory of an array, which must outlive this view. */
    public HostMemory(INDArray array) {
        if (array.dataType() != DataType.FLOAT || array.ordering() != 'c') {
            throw new IllegalArgumentException("only c-ordered FLOAT arrays can be viewed, not " + array.dataType()
                    + " in order '" + array.ordering() + "'");
        }
        this.array = array;
        this.pointer = new FloatPointer(array.data().addressPointer());
        this.bytes = new BytePointer(pointer);
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

    /** Copies {@code length} numbers from element {@code from} on to another array. */
    public void copyTo(long from, HostMemory target, long to, long length) {
        Pointer.memcpy(
                target.bytes.position(to * Float.BYTES), bytes.position(from * Float.BYTES), length * Float.BYTES);
    }
}
