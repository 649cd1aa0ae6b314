package org.grpo4j.training.trainer;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.ArrayMemory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Notices when the first training step that asks tokens to change changes nothing: a frozen layer too many, an adapter that
 * is not connected, a learning rate that underflows. Such a run would otherwise go on to its end and look fine.
 */
final class MovementCheck {
    private final ParameterStore parameters;
    private long before;
    private boolean moved;

    MovementCheck(ParameterStore parameters) {
        this.parameters = parameters;
    }

    /** Call before the optimiser steps of every batch. */
    void begin() {
        if (!moved) {
            before = fingerprint();
        }
    }

    /**
     * Call after them if the batch had something to teach.
     *
     * @param gradientNorm the largest of the batch's optimiser steps: after the first, clipping may hold every token
     * @throws IllegalStateException if no bit of any parameter has changed
     */
    void require(int step, double gradientNorm, double learningRate) {
        // Weight decay moves what no gradient reaches, so the gradient counts too.
        if (!moved && (gradientNorm == 0 || fingerprint() == before)) {
            throw new IllegalStateException("no parameter moved in step " + step + ": gradient norm " + gradientNorm
                    + ", learning rate " + learningRate
                    + "; raise optimiser.learning_rate, or look which parameters tuning lets train");
        }
        moved = true;
    }

    /** Call if the parameters are known to move, as in a run that goes on. */
    void skip() {
        moved = true;
    }

    /** Whether some step had something to teach, and moved. */
    boolean hasMoved() {
        return moved;
    }

    private long fingerprint() {
        CRC32C sum = new CRC32C();
        for (String name : parameters.names()) {
            INDArray array = parameters.get(name);
            ArrayMemory memory = ArrayMemory.toRead(array);
            for (long first = 0; first < array.length(); first += ArrayMemory.WINDOW_ELEMENTS) {
                ByteBuffer window =
                        memory.window(first, (int) Math.min(ArrayMemory.WINDOW_ELEMENTS, array.length() - first));
                sum.update(window);
            }
        }
        return sum.getValue();
    }
}
