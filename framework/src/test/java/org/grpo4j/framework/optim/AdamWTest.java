package org.grpo4j.framework.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

class AdamWTest {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.95, 1e-6, 0.1);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"FLOAT, 0.999, 5e-6", "FLOAT, 0.95, 5e-6", "DOUBLE, 0.999, 1e-13", "DOUBLE, 0.95, 1e-13"})
    void agreesWithPlainJava(DataType dataType, double beta2, double tolerance) {
        AdamW.Settings settings = new AdamW.Settings(0.9, beta2, 1e-6, 0.1);
        try (ParameterStore parameters = parameters(dataType);
                ParameterStore gradients = parameters.zerosLike();
                AdamW optimiser = new AdamW(parameters, gradients, settings)) {
            PlainAdamW matrix = new PlainAdamW(settings, numbers(parameters.get("matrix")), true);
            PlainAdamW gain = new PlainAdamW(settings, numbers(parameters.get("gain")), false);
            Random random = new Random(3);
            for (int step = 0; step < 200; step++) {
                fill(gradients, random);
                double rate = 1e-2 / (1 + step);
                matrix.step(numbers(gradients.get("matrix")), rate);
                gain.step(numbers(gradients.get("gain")), rate);
                optimiser.step(rate);
                assertThat(numbers(parameters.get("matrix"))).containsExactly(matrix.weights, within(tolerance));
                assertThat(numbers(parameters.get("gain"))).containsExactly(gain.weights, within(tolerance));
            }
            assertThat(optimiser.steps()).isEqualTo(200);
        }
    }

    @Test
    void theFirstStepMovesByTheRateWhateverTheGradient() {
        // PyTorch: |m̂ / (√v̂ + ε)| is 1 at the first step unless the gradient is as small as ε.
        AdamW.Settings settings = AdamW.Settings.standard();
        try (ParameterStore parameters = parameters(DataType.FLOAT);
                ParameterStore gradients = parameters.zerosLike();
                AdamW optimiser = new AdamW(parameters, gradients, settings)) {
            double[] before = numbers(parameters.get("matrix"));
            gradients.get("matrix").assign(1e-3);
            gradients.get("matrix").putScalar(1, -250);
            gradients.get("matrix").putScalar(2, 0);
            gradients.get("matrix").putScalar(3, 1e-8);
            optimiser.step(0.5);
            double[] after = numbers(parameters.get("matrix"));
            assertThat(before[0] - after[0]).isCloseTo(0.5, within(1e-5));
            assertThat(before[1] - after[1]).isCloseTo(-0.5, within(1e-5));
            assertThat(after[2]).isEqualTo(before[2]);
            // A gradient of just ε moves half as far: ε stands outside the corrected root.
            assertThat(before[3] - after[3]).isCloseTo(0.25, within(1e-5));
        }
    }

    @Test
    void aRateOfZeroMovesNothing() {
        try (ParameterStore parameters = parameters(DataType.FLOAT);
                ParameterStore gradients = parameters.zerosLike();
                AdamW optimiser = new AdamW(parameters, gradients, SETTINGS)) {
            double[] before = numbers(parameters.get("matrix"));
            gradients.get("matrix").assign(1);
            optimiser.step(0);
            assertThat(numbers(parameters.get("matrix"))).isEqualTo(before);
        }
    }

    @Test
    void decayIsDecoupledAndSparesVectors() {
        try (ParameterStore parameters = parameters(DataType.DOUBLE);
                ParameterStore gradients = parameters.zerosLike();
                AdamW optimiser = new AdamW(parameters, gradients, SETTINGS)) {
            double[] matrix = numbers(parameters.get("matrix"));
            double[] gain = numbers(parameters.get("gain"));
            optimiser.step(0.5);
            for (int i = 0; i < matrix.length; i++) {
                assertThat(parameters.get("matrix").getDouble(i)).isCloseTo(matrix[i] * 0.95, within(1e-15));
            }
            assertThat(numbers(parameters.get("gain"))).isEqualTo(gain);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT", "DOUBLE"})
    void aSavedStateGoesOnBitForBit(DataType dataType) throws IOException {
        Path file = folder.resolve("optimizer.safetensors");
        try (ParameterStore straight = parameters(dataType);
                ParameterStore resumed = straight.copy();
                ParameterStore gradients = straight.zerosLike()) {
            Random random = new Random(9);
            try (AdamW optimiser = new AdamW(straight, gradients, SETTINGS)) {
                steps(optimiser, gradients, random, 5);
                optimiser.save(file);
                resumed.copyFrom(straight);
                steps(optimiser, gradients, new Random(11), 5);
            }
            try (AdamW optimiser = new AdamW(resumed, gradients, SETTINGS)) {
                optimiser.load(file);
                assertThat(optimiser.steps()).isEqualTo(5);
                steps(optimiser, gradients, new Random(11), 5);
            }
            for (String name : straight.names()) {
                assertThat(numbers(resumed.get(name))).isEqualTo(numbers(straight.get(name)));
            }
        }
    }

    @Test
    void refusesAStateOfOtherParameters() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        try (ParameterStore parameters = parameters(DataType.FLOAT);
                ParameterStore gradients = parameters.zerosLike();
                ParameterStore other = new ParameterStore(DataType.FLOAT);
                AdamW optimiser = new AdamW(parameters, gradients, SETTINGS)) {
            SafetensorsWriter.write(file, parameters, TensorType.F32);
            assertThatThrownBy(() -> optimiser.load(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("another model");
            other.putZeros("matrix", 2);
            assertThatIllegalArgumentException().isThrownBy(() -> new AdamW(parameters, other, SETTINGS));
        }
        assertThatThrownBy(() -> new AdamW.Settings(1, 0.9, 1e-8, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("beta1 is 1.0");
    }

    @Test
    void aStepTakesNoNativeMemory() {
        try (ParameterStore parameters = parameters(DataType.FLOAT);
                ParameterStore gradients = parameters.zerosLike();
                AdamW optimiser = new AdamW(parameters, gradients, SETTINGS);
                GradientClip clip = new GradientClip(gradients, 1e-3)) {
            steps(optimiser, gradients, new Random(1), 3);
            clip.apply();
            long before = Pointer.totalBytes();
            for (int i = 0; i < 200; i++) {
                clip.apply();
                optimiser.step(1e-3);
            }
            // The collector may free what earlier tests left behind meanwhile, so less is possible and more is not.
            assertThat(Pointer.totalBytes() - before).isNotPositive();
        }
    }

    private static ParameterStore parameters(DataType dataType) {
        ParameterStore store = new ParameterStore(dataType);
        store.putZeros("matrix", 7, 5);
        store.putZeros("gain", 9);
        fill(store, new Random(1));
        return store;
    }

    private static void steps(AdamW optimiser, ParameterStore gradients, Random random, int count) {
        for (int i = 0; i < count; i++) {
            fill(gradients, random);
            optimiser.step(1e-2);
        }
    }

    private static void fill(ParameterStore store, Random random) {
        for (String name : store.names()) {
            INDArray array = store.get(name);
            for (long i = 0; i < array.length(); i++) {
                array.putScalar(i, random.nextGaussian());
            }
        }
    }

    private static double[] numbers(INDArray array) {
        return array.ravel().toDoubleVector();
    }

    /** The formulas of the PyTorch documentation, one number at a time. */
    private static final class PlainAdamW {

        private final AdamW.Settings settings;
        private final boolean decayed;
        private final double[] weights;
        private final double[] m;
        private final double[] v;
        private int t;

        PlainAdamW(AdamW.Settings settings, double[] weights, boolean decayed) {
            this.settings = settings;
            this.weights = weights;
            this.decayed = decayed;
            m = new double[weights.length];
            v = new double[weights.length];
        }

        void step(double[] gradient, double rate) {
            t++;
            for (int i = 0; i < weights.length; i++) {
                if (decayed) {
                    weights[i] -= rate * settings.weightDecay() * weights[i];
                }
                m[i] = settings.beta1() * m[i] + (1 - settings.beta1()) * gradient[i];
                v[i] = settings.beta2() * v[i] + (1 - settings.beta2()) * gradient[i] * gradient[i];
                double mean = m[i] / (1 - Math.pow(settings.beta1(), t));
                double square = v[i] / (1 - Math.pow(settings.beta2(), t));
                weights[i] -= rate * mean / (Math.sqrt(square) + settings.epsilon());
            }
        }
    }
}
