package org.grpo4j.framework.kernel;

import java.util.Arrays;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.grpo4j.framework.plan.AddingKernel;
import org.grpo4j.framework.plan.Kernel;
import org.nd4j.linalg.api.ndarray.INDArray;

/** RMS normalisation and its gradient: each row is read once. */
final class RmsNormKernel {
    private RmsNormKernel() {}

    static Kernel forward(double epsilon) {
        return (inputs, outputs) -> {
            NativeFloats x = new NativeFloats(inputs.get(0));
            NativeFloats gain = new NativeFloats(inputs.get(1));
            NativeFloats out = new NativeFloats(outputs.get(0));
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            float[] row = new float[VectorMath.padded(width)];
            float[] g = new float[VectorMath.padded(width)];
            return () -> {
                gain.read(0, g, width);
                for (int r = 0; r < rows; r++) {
                    x.read(r * width, row, width);
                    normalise(row, g, width, epsilon);
                    out.write(r * width, row, width);
                }
            };
        };
    }

    private static void normalise(float[] row, float[] gain, int width, double epsilon) {
        float inverse = inverseRms(row, width, epsilon);
        FloatVector by = FloatVector.broadcast(VectorMath.SPECIES, inverse);
        for (int i = 0; i < width; i += VectorMath.SPECIES.length()) {
            FloatVector.fromArray(VectorMath.SPECIES, row, i)
                    .mul(by)
                    .mul(FloatVector.fromArray(VectorMath.SPECIES, gain, i))
                    .intoArray(row, i);
        }
    }

    private static float inverseRms(float[] row, int width, double epsilon) {
        float squares = VectorMath.dot(row, 0, row, 0, width);
        return (float) (1 / Math.sqrt(squares / (double) width + epsilon));
    }

    static AddingKernel gradient(double epsilon) {
        return new Gradient(epsilon);
    }

    /** Can add to the gradient in the gain. */
    private record Gradient(double epsilon) implements AddingKernel {
        @Override
        public boolean canAdd(int output) {
            return output == 1;
        }

        @Override
        public Runnable bind(List<INDArray> inputs, List<INDArray> outputs, Addition addition) {
            NativeFloats[] in = NativeFloats.of(inputs);
            NativeFloats[] out = NativeFloats.of(outputs);
            int rows = (int) inputs.get(0).size(0);
            int width = (int) inputs.get(0).size(1);
            int padded = VectorMath.padded(width);
            float[] upstream = new float[padded];
            float[] row = new float[padded];
            float[] gain = new float[padded];
            float[] dGain = new float[padded];
            float[] sum = new float[width];
            return () -> {
                in[2].read(0, gain, width);
                Arrays.fill(dGain, 0);
                for (int r = 0; r < rows; r++) {
                    in[0].read(r * width, upstream, width);
                    in[1].read(r * width, row, width);
                    differentiate(upstream, row, gain, dGain, width, epsilon);
                    out[0].write(r * width, row, width);
                }
                if (addition.addsTo(1)) {
                    out[1].read(0, sum, width);
                    VectorMath.addScaled(dGain, 0, sum, 0, width, 1);
                }
                out[1].write(0, dGain, width);
            };
        }
    }

    /** Leaves the gradient in the row in {@code row} and adds that in the gain to {@code dGain}. */
    private static void differentiate(
            float[] upstream, float[] row, float[] gain, float[] dGain, int width, double epsilon) {
        int lanes = VectorMath.SPECIES.length();
        float inverse = inverseRms(row, width, epsilon);
        FloatVector by = FloatVector.broadcast(VectorMath.SPECIES, inverse);
        FloatVector products = FloatVector.zero(VectorMath.SPECIES);
        // The padding behind a row is zero in every array, so whole vectors do no harm.
        for (int i = 0; i < width; i += lanes) {
            FloatVector d = FloatVector.fromArray(VectorMath.SPECIES, upstream, i);
            FloatVector normalised =
                    FloatVector.fromArray(VectorMath.SPECIES, row, i).mul(by);
            d.fma(normalised, FloatVector.fromArray(VectorMath.SPECIES, dGain, i))
                    .intoArray(dGain, i);
            FloatVector scaled = d.mul(FloatVector.fromArray(VectorMath.SPECIES, gain, i));
            scaled.intoArray(upstream, i);
            products = scaled.fma(normalised, products);
        }
        float projection = products.reduceLanes(VectorOperators.ADD) / width;
        FloatVector shift = FloatVector.broadcast(VectorMath.SPECIES, projection);
        for (int i = 0; i < width; i += lanes) {
            FloatVector normalised =
                    FloatVector.fromArray(VectorMath.SPECIES, row, i).mul(by);
            FloatVector.fromArray(VectorMath.SPECIES, upstream, i)
                    .sub(normalised.mul(shift))
                    .mul(by)
                    .intoArray(row, i);
        }
    }
}
