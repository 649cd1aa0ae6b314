package org.grpo4j.framework.optim;

import java.nio.ByteBuffer;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.ArrayMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Clips gradients by their norm over all parameters together, as {@code torch.nn.utils.clip_grad_norm_} does: if the
 * norm exceeds the maximum, every gradient is multiplied by {@code maximum / (norm + 1e-6)}.
 *
 * <p>Bound to one store of gradients, whose arrays are changed in place without allocation.
 */
public final class GradientClip implements AutoCloseable {

    private static final double NORM_EPSILON = 1e-6;

    private final ParameterStore gradients;
    private final double maximumNorm;
    private final ScalarMultiply scale;

    /**
     * @param maximumNorm above 0; infinity measures the norm and never clips
     * @throws InputException if the maximum is not positive
     */
    public GradientClip(ParameterStore gradients, double maximumNorm) {
        if (!(maximumNorm > 0)) {
            throw new InputException("The maximum gradient norm is " + maximumNorm + "; it must be positive.");
        }
        this.gradients = gradients;
        this.maximumNorm = maximumNorm;
        scale = new ScalarMultiply(
                gradients.names().stream().map(gradients::get).toList(), gradients.dataType());
    }

    /**
     * Clips the gradients as they are now.
     *
     * @return the norm before clipping. If it is infinite or no number the gradients are left as they are, and the
     *     caller should not take a step with them
     */
    public double apply() {
        double norm = globalNorm(gradients);
        if (Double.isFinite(norm) && norm > maximumNorm) {
            scale.by(maximumNorm / (norm + NORM_EPSILON));
        }
        return norm;
    }

    /** Euclidean norm over all arrays of a store, summed in double in a fixed order. */
    public static double globalNorm(ParameterStore store) {
        double sum = 0;
        for (String name : store.names()) {
            sum += sumOfSquares(store.get(name));
        }
        return Math.sqrt(sum);
    }

    @Override
    public void close() {
        scale.close();
    }

    private static double sumOfSquares(INDArray array) {
        ArrayMemory memory = ArrayMemory.toRead(array);
        double sum = 0;
        for (long first = 0; first < array.length(); first += ArrayMemory.WINDOW_ELEMENTS) {
            int count = (int) Math.min(ArrayMemory.WINDOW_ELEMENTS, array.length() - first);
            ByteBuffer window = memory.window(first, count);
            sum += array.dataType() == DataType.FLOAT ? sumOfFloats(window, count) : sumOfDoubles(window, count);
        }
        return sum;
    }

    /** Four sums side by side: one would wait for each addition before it can begin the next. */
    private static double sumOfFloats(ByteBuffer window, int count) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            double v = window.getFloat(4 * i);
            double w = window.getFloat(4 * i + 4);
            double x = window.getFloat(4 * i + 8);
            double y = window.getFloat(4 * i + 12);
            a += v * v;
            b += w * w;
            c += x * x;
            d += y * y;
        }
        for (; i < count; i++) {
            double v = window.getFloat(4 * i);
            a += v * v;
        }
        return a + b + (c + d);
    }

    private static double sumOfDoubles(ByteBuffer window, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double v = window.getDouble(Double.BYTES * i);
            sum += v * v;
        }
        return sum;
    }
}
