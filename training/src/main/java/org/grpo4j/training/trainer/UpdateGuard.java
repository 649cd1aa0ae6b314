package org.grpo4j.training.trainer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.ArrayMemory;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.training.diagnosis.UpdateFault;
import org.grpo4j.training.diagnosis.UpdateFault.BadArray;
import org.grpo4j.training.diagnosis.UpdateFault.BadExample;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes the optimiser steps of a run and leaves out those that would spoil it: with a loss or gradient that is not finite,
 * parameters and optimiser stay as they are. After too many in a row there is a {@link #fault}, and the run must stop.
 */
final class UpdateGuard {
    /** Examples of a batch named when a run has to stop for them. */
    private static final int MOST_NAMED = 8;

    private final Optimiser optimiser;
    private final ParameterStore parameters;
    private final ParameterStore gradients;
    private final MovementCheck movement;
    private final int mostInARow;
    private int inARow;
    private int skipped;
    private boolean taken;
    private double largestNorm;
    private double learningRate;
    private @Nullable UpdateFault fault;

    /**
     * The examples of a batch, each to be tried as a batch of its own when the run has to stop.
     *
     * @param count how many there are
     * @param loss of one of them; leaves its gradients behind
     * @param description what to tell of one that is not finite
     */
    record Search(int count, IntToDoubleFunction loss, Description description) {}

    /** Tells of an example, by its place in the batch, its loss and the norm of its gradient. */
    @FunctionalInterface
    interface Description {
        BadExample of(int index, double loss, double gradientNorm);
    }

    /**
     * @param parameters that train
     * @param gradients that the optimiser reads
     * @param mostInARow skipped updates in a row that end the run
     */
    UpdateGuard(Optimiser optimiser, ParameterStore parameters, ParameterStore gradients, int mostInARow) {
        this.optimiser = optimiser;
        this.parameters = parameters;
        this.gradients = gradients;
        this.movement = new MovementCheck(parameters);
        this.mostInARow = mostInARow;
    }

    /** Takes up the state of a run that was broken off. */
    void resume(RunState state) {
        inARow = state.skippedInARow();
        if (state.moved()) {
            movement.skip();
        }
    }

    /** Begins a step of the run. */
    void begin() {
        skipped = 0;
        taken = false;
        largestNorm = 0;
        movement.begin();
    }

    /**
     * Takes an optimiser step with the present gradients, or skips it.
     *
     * @param step of the run
     * @param loss that the gradients are of
     * @param search where to look when the run has to stop
     */
    Optimiser.Step update(int step, double loss, Search search) {
        Optimiser.Step update = optimiser.step(loss);
        if (update.taken()) {
            inARow = 0;
            taken = true;
            largestNorm = Math.max(largestNorm, update.gradientNorm());
            learningRate = update.learningRate();
            return update;
        }
        skipped++;
        inARow++;
        if (inARow >= mostInARow && fault == null) {
            // The search computes other gradients, so these are looked at first.
            List<BadArray> bad = notFinite(gradients);
            fault = new UpdateFault(
                    step,
                    inARow,
                    loss,
                    update.gradientNorm(),
                    update.learningRate(),
                    bad,
                    notFinite(parameters),
                    notFinite(search));
        }
        return update;
    }

    /**
     * Ends a step of the run: something must have moved in the first that teaches.
     *
     * @param teaches whether the loss asked any token to change for the sake of a reward or a demonstration
     */
    void end(int step, boolean teaches) {
        if (teaches && taken) {
            movement.require(step, largestNorm, learningRate);
        }
    }

    /** Updates skipped in this step of the run. */
    int skipped() {
        return skipped;
    }

    /** Updates skipped in a row; none again for a run that has stopped for them, so that it can be tried once more. */
    int inARow() {
        return fault == null ? inARow : 0;
    }

    /** Why the run must stop, or null. */
    @Nullable
    UpdateFault fault() {
        return fault;
    }

    boolean hasMoved() {
        return movement.hasMoved();
    }

    private List<BadExample> notFinite(Search search) {
        List<BadExample> found = new ArrayList<>();
        for (int i = 0; i < search.count && found.size() < MOST_NAMED; i++) {
            double loss = search.loss.applyAsDouble(i);
            double norm = GradientClip.globalNorm(gradients);
            if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
                found.add(search.description.of(i, loss, norm));
            }
        }
        return found;
    }

    private static List<BadArray> notFinite(ParameterStore store) {
        List<BadArray> found = new ArrayList<>();
        for (String name : store.names()) {
            BadArray array = count(name, store.get(name));
            if (array.nan() + array.infinite() > 0) {
                found.add(array);
            }
        }
        return found;
    }

    private static BadArray count(String name, INDArray array) {
        ArrayMemory memory = ArrayMemory.toRead(array);
        boolean single = array.dataType() == DataType.FLOAT;
        long nan = 0;
        long infinite = 0;
        long first = -1;
        for (long start = 0; start < array.length(); start += ArrayMemory.WINDOW_ELEMENTS) {
            int count = (int) Math.min(ArrayMemory.WINDOW_ELEMENTS, array.length() - start);
            ByteBuffer window = memory.window(start, count);
            for (int i = 0; i < count; i++) {
                double value = single ? window.getFloat(Float.BYTES * i) : window.getDouble(Double.BYTES * i);
                if (!Double.isFinite(value)) {
                    first = first < 0 ? start + i : first;
                    nan += Double.isNaN(value) ? 1 : 0;
                    infinite += Double.isInfinite(value) ? 1 : 0;
                }
            }
        }
        return new BadArray(name, array.length(), nan, infinite, first);
    }
}
