package org.grpo4j.training.trainer;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.ArrayMemory;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Notices when the first training step changes nothing: a frozen layer too many, an adapter that is not connected, a
 * learning rate that underflows. Such a run would otherwise go on to its end and look fine.
 */
final class MovementCheck {
    private final ParameterStore parameters;
    private long before;
    private State state = State.WAITING;

    private enum State {
        WAITING,
        STEPPING,
        DONE
    }

    MovementCheck(ParameterStore parameters) {
        this.parameters = parameters;
    }

    /** Call before the optimiser steps of every batch that has something to teach. */
    void begin() {
        if (state == State.WAITING) {
            before = fingerprint();
            state = State.STEPPING;
        }
    }

    /**
     * Call after them.
     *
     * @throws IllegalStateException if no bit of any parameter has changed
     */
    void require(int step, double gradientNorm, double learningRate) {
        // Weight decay moves what no gradient reaches, so the gradient counts too.
        if (state == State.STEPPING && (gradientNorm == 0 || fingerprint() == before)) {
            throw new IllegalStateException("no parameter moved in step " + step + ": gradient norm " + gradientNorm
                    + ", learning rate " + learningRate
                    + "; raise optimiser.learning_rate, or look which parameters tuning lets train");
        }
        state = state == State.STEPPING ? State.DONE : state;
    }

    /** Call instead if no optimiser step was taken: the check waits for the next batch. */
    void cancel() {
        state = state == State.STEPPING ? State.WAITING : state;
    }

    /** Call if the parameters are known to move, as in a run that goes on. */
    void skip() {
        state = State.DONE;
    }

    /** Whether some step had something to teach, and moved. */
    boolean hasMoved() {
        return state == State.DONE;
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
