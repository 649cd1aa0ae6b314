package org.grpo4j.models.weights;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.ArrayMemory;
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

    /** All parameters in the type to compute in; the caller closes the store. */
    public static ParameterStore create(DecoderConfig config, long seed, DataType dataType) {
        return create(config, seed, dataType, WeightStorage.WIDE);
    }

    /**
     * The same numbers, rounded where a parameter is stored narrow. Each array is filled through a window, so nothing
     * exists twice, and as many at a time as there are processors. The caller closes the store.
     *
     * @param dataType FLOAT or DOUBLE, the type to compute in
     */
    public static ParameterStore create(DecoderConfig config, long seed, DataType dataType, WeightStorage storage) {
        ParameterStore parameters = new ParameterStore(dataType);
        Map<String, ArrayMemory> memories = new LinkedHashMap<>();
        config.parameterShapes().forEach((name, shape) -> {
            INDArray array = Nd4j.createUninitialized(storage.typeOf(name, shape, dataType), shape, 'c');
            parameters.put(name, array);
            memories.put(name, ArrayMemory.toWrite(array));
        });
        memories.entrySet().parallelStream().forEach(entry -> {
            long[] shape = parameters.get(entry.getKey()).shape();
            fill(entry.getValue(), shape, numbers(config, seed, entry.getKey(), shape));
        });
        memories.values().forEach(ArrayMemory::written);
        return parameters;
    }

    private static DoubleSupplier numbers(DecoderConfig config, long seed, String name, long[] shape) {
        if (shape.length > 1) {
            // String.hashCode is specified, so this seed is the same in every JVM.
            Random random = new Random(seed * 0x9E3779B97F4A7C15L + name.hashCode());
            return () -> config.initializerRange() * random.nextGaussian();
        }
        return name.endsWith(".weight") ? () -> 1 : () -> 0;
    }

    private static void fill(ArrayMemory memory, long[] shape, DoubleSupplier numbers) {
        long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        float[] window = new float[(int) Math.min(length, ArrayMemory.WINDOW_ELEMENTS)];
        for (long first = 0; first < length; first += window.length) {
            int count = (int) Math.min(window.length, length - first);
            for (int i = 0; i < count; i++) {
                window[i] = (float) numbers.getAsDouble();
            }
            memory.write(first, window, count);
        }
    }
}
