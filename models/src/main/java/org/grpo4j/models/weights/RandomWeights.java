package org.grpo4j.models.weights;

import java.util.Arrays;
import java.util.Random;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Fresh weights as Hugging Face makes them: matrices normal with {@code initializer_range} as standard deviation, norm
 * gains one, biases zero. Drawn in Java, so a seed gives the same bits on every backend; each parameter has a stream of
 * its own, so its numbers do not depend on the parameters before it.
 */
public final class RandomWeights {

    private RandomWeights() {}

    /** The caller closes the store. */
    public static ParameterStore create(DecoderConfig config, long seed, DataType dataType) {
        ParameterStore parameters = new ParameterStore(dataType);
        config.parameterShapes()
                .forEach((name, shape) -> parameters.put(name, draw(config, seed, name, shape, dataType)));
        return parameters;
    }

    private static INDArray draw(DecoderConfig config, long seed, String name, long[] shape, DataType dataType) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        if (shape.length > 1) {
            // String.hashCode is specified, so this seed is the same in every JVM.
            Random random = new Random(seed * 0x9E3779B97F4A7C15L + name.hashCode());
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (config.initializerRange() * random.nextGaussian());
            }
        } else if (name.endsWith(".weight")) {
            Arrays.fill(values, 1);
        }
        INDArray floats = Nd4j.create(values, shape, 'c');
        if (dataType == DataType.FLOAT) {
            return floats;
        }
        try (floats) {
            return floats.castTo(dataType);
        }
    }
}
