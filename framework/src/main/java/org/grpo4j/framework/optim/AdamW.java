package org.grpo4j.framework.optim;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2), in the arithmetic of {@code
 * torch.optim.AdamW}:
 *
 * <pre>
 * p ← p · (1 − rate · weightDecay)
 * m ← β₁ m + (1 − β₁) g         v ← β₂ v + (1 − β₂) g²
 * p ← p − rate / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
 * </pre>
 *
 * <p>Bound to one store of parameters and one of gradients; a step changes both in place, allocates nothing and runs the
 * same operations in the same order every time.
 */
public final class AdamW implements AutoCloseable {

    private static final String MEAN = "exp_avg.";
    private static final String SQUARE = "exp_avg_sq.";
    private static final String STEP = "step";

    /**
     * The native op corrects the bias itself, with powers in single precision. Told that it is at this step, where the
     * powers are zero, it leaves the correction to us.
     */
    private static final long NO_CORRECTION = 1L << 30;

    /**
     * Numbers of the method.
     *
     * @param beta1 decay of the mean gradient a step, in [0, 1)
     * @param beta2 decay of the mean squared gradient a step, in [0, 1)
     * @param epsilon added to the root of the mean square, above 0
     * @param weightDecay part of a weight lost a step, times the learning rate
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay) {

        public Settings {
            requireBelowOne("beta1", beta1);
            requireBelowOne("beta2", beta2);
            if (!(epsilon > 0 && Double.isFinite(epsilon))) {
                throw new InputException("AdamW's epsilon is " + epsilon + "; it must be positive.");
            }
            if (!(weightDecay >= 0 && Double.isFinite(weightDecay))) {
                throw new InputException("AdamW's weight decay is " + weightDecay + "; it must not be negative.");
            }
        }

        /** β 0.9 and 0.999, ε 1e-8, no weight decay: what reinforcement fine-tuning usually runs with. */
        public static Settings standard() {
            return new Settings(0.9, 0.999, 1e-8, 0);
        }

        private static void requireBelowOne(String field, double value) {
            if (!(value >= 0 && value < 1)) {
                throw new InputException("AdamW's " + field + " is " + value + "; it must be at least 0 and below 1.");
            }
        }
    }

    private final Settings settings;
    private final ParameterStore means;
    private final ParameterStore squares;
    private final double beta1;
    private final double beta2;
    private final DynamicCustomOp adam = DynamicCustomOp.builder("adam_updater").build();
    private final DynamicCustomOp subtract = DynamicCustomOp.builder("subtract").build();
    private final List<OpContext> updates = new ArrayList<>();
    private final List<OpContext> subtractions = new ArrayList<>();
    private final ScalarMultiply decay;
    private long steps;

    /**
     * Decays the weights of matrices and leaves vectors (norm gains, biases) alone.
     *
     * @param gradients as {@link ParameterStore#zerosLike} of the parameters makes them; a step overwrites them
     */
    public AdamW(ParameterStore parameters, ParameterStore gradients, Settings settings) {
        this(parameters, gradients, settings, name -> parameters.get(name).rank() > 1);
    }

    /** @param decayed names of the parameters that lose weight */
    public AdamW(ParameterStore parameters, ParameterStore gradients, Settings settings, Predicate<String> decayed) {
        requireSameArrays(parameters, gradients);
        this.settings = settings;
        // The native op holds its numbers in the arrays' type; the correction must match the rounded ones.
        boolean single = parameters.dataType() == DataType.FLOAT;
        beta1 = single ? (float) settings.beta1() : settings.beta1();
        beta2 = single ? (float) settings.beta2() : settings.beta2();
        means = parameters.zerosLike();
        squares = parameters.zerosLike();
        for (String name : parameters.names()) {
            INDArray gradient = gradients.get(name);
            OpContext update = Nd4j.getExecutioner().buildContext();
            update.setInputArrays(gradient, squares.get(name), means.get(name));
            update.setOutputArrays(gradient, squares.get(name), means.get(name));
            update.setIArguments(NO_CORRECTION);
            updates.add(update);
            OpContext subtraction = Nd4j.getExecutioner().buildContext();
            subtraction.setInputArrays(parameters.get(name), gradient);
            subtraction.setOutputArrays(parameters.get(name));
            subtractions.add(subtraction);
        }
        decay = new ScalarMultiply(
                parameters.names().stream().filter(decayed).map(parameters::get).toList(), parameters.dataType());
    }

    /**
     * Takes one step along the gradients, which hold the update afterwards.
     *
     * @param learningRate of this step, see {@link LearningRateSchedule}
     */
    public void step(double learningRate) {
        steps++;
        if (settings.weightDecay() > 0) {
            decay.by(1 - learningRate * settings.weightDecay());
        }
        double rootCorrection = Math.sqrt(1 - Math.pow(beta2, steps));
        double rate = learningRate * rootCorrection / (1 - Math.pow(beta1, steps));
        // The context copies its arguments from a native array that would otherwise wait for the garbage collector.
        try (PointerScope scope = new PointerScope(DoublePointer.class)) {
            for (OpContext update : updates) {
                update.setTArguments(rate, beta1, beta2, settings.epsilon() * rootCorrection);
            }
        }
        for (int i = 0; i < updates.size(); i++) {
            Nd4j.exec(adam, updates.get(i));
            // At rate 0 the native op takes epsilon for the rate instead.
            if (rate != 0) {
                Nd4j.exec(subtract, subtractions.get(i));
            }
        }
    }

    /** Steps taken so far, those before {@link #load} included. */
    public long steps() {
        return steps;
    }

    /** Writes means, mean squares and step count to a safetensors file, every bit of them. */
    public void save(Path file) throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        means.names().forEach(name -> tensors.put(MEAN + name, means.get(name)));
        squares.names().forEach(name -> tensors.put(SQUARE + name, squares.get(name)));
        SafetensorsWriter.write(
                file, tensors, TensorType.lossless(means.dataType()), Map.of(STEP, Long.toString(steps)));
    }

    /**
     * Takes up a saved state.
     *
     * @throws InputException if the file is damaged or belongs to other parameters
     */
    public void load(Path file) {
        try (SafetensorsFile state = SafetensorsFile.open(file)) {
            if (state.tensors().size() != 2 * means.names().size()) {
                throw new InputException(file + " holds the optimiser state of "
                        + state.tensors().size() / 2 + " parameters, but there are "
                        + means.names().size() + "; it belongs to another model.");
            }
            long saved = savedSteps(state);
            for (String name : means.names()) {
                state.readInto(MEAN + name, means.get(name));
                state.readInto(SQUARE + name, squares.get(name));
            }
            steps = saved;
        }
    }

    @Override
    public void close() {
        updates.forEach(Resources::close);
        subtractions.forEach(Resources::close);
        decay.close();
        means.close();
        squares.close();
    }

    private static long savedSteps(SafetensorsFile state) {
        String text = state.metadata().getOrDefault(STEP, "");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InputException(
                    state.path() + " is no optimiser state: its metadata has no step count, but \"" + text + "\".", e);
        }
    }

    private static void requireSameArrays(ParameterStore parameters, ParameterStore gradients) {
        if (parameters.dataType() != gradients.dataType() || !parameters.names().equals(gradients.names())) {
            throw new IllegalArgumentException("Gradients must have the names and the data type of the parameters.");
        }
        for (String name : parameters.names()) {
            if (!Arrays.equals(parameters.get(name).shape(), gradients.get(name).shape())) {
                throw new IllegalArgumentException("The gradient of " + name + " has another shape than " + name + ".");
            }
        }
    }
}
