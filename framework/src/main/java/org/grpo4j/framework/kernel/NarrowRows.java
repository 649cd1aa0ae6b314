package org.grpo4j.framework.kernel;

import org.bytedeco.javacpp.FloatPointer;
import org.grpo4j.framework.kernel.Gemm.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Rows of a weight {@code [n, k]} in BFLOAT16 or HALF, widened to memory of the thread that asks. 256 rows at a time are
 * few enough to stay in the cache until they are used and enough for products at full rate; with 128 or 512 products are
 * no faster. Measured in BFLOAT16 with 896 x 896, 4864 x 896 and 896 x 4864 weights, one thread: 0.8 to 0.9 times the
 * rate of a weight in FLOAT at 16 rows of activations, 0.85 to 1 at 64, 0.9 to 0.95 at 512. HALF takes more arithmetic:
 * 0.4 to 0.7 with up to 16 rows, the same with 512.
 */
final class NarrowRows implements WeightRows {
    private static final int MOST = 256;
    /** Elements widened at a time: they fit the first-level cache in both types. */
    private static final int CHUNK = 4096;

    /** Products run one after the other on a thread, so each thread needs room once. */
    private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

    private final NarrowValues values;
    private final int width;

    NarrowRows(INDArray weight) {
        this.values = new NarrowValues(weight);
        this.width = (int) weight.size(1);
    }

    @Override
    public int most() {
        return MOST;
    }

    @Override
    public Matrix rows(int first, int count) {
        Room room = ROOM.get();
        int length = count * width;
        NativeFloats target = room.of(MOST * width);
        for (int at = 0; at < length; at += CHUNK) {
            int part = Math.min(CHUNK, length - at);
            values.widen(first * width + at, room.bits, room.floats, part);
            target.write(at, room.floats, part);
        }
        return new Matrix(room.wide, width);
    }

    /** Memory of a thread, as large as its widest weight needs. */
    private static final class Room {
        final short[] bits = new short[CHUNK];
        final float[] floats = new float[CHUNK];
        FloatPointer wide = new FloatPointer(1);
        private NativeFloats view = new NativeFloats(wide, 1);

        NativeFloats of(long length) {
            if (wide.capacity() < length) {
                wide.close();
                wide = new FloatPointer(length);
                view = new NativeFloats(wide, length);
            }
            return view;
        }
    }
}
