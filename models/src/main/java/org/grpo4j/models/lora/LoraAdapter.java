package org.grpo4j.models.lora;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.models.config.DecoderConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An adapter of one model: for every adapted projection {@code P} with weight {@code [out, in]} the parameters {@code
 * P.lora_A.weight} {@code [rank, in]} and {@code P.lora_B.weight} {@code [out, rank]}. Owns them.
 *
 * @param config settings
 * @param parameters by name, in the order of the model
 * @param base folder or name of the model it belongs to, as PEFT's {@code base_model_name_or_path}; empty if unknown
 */
public record LoraAdapter(LoraConfig config, ParameterStore parameters, String base) implements AutoCloseable {

    private static final String A = ".lora_A.weight";
    private static final String B = ".lora_B.weight";

    /** Name of the matrix A of a projection. */
    public static String nameOfA(String projection) {
        return projection + A;
    }

    /** Name of the matrix B of a projection. */
    public static String nameOfB(String projection) {
        return projection + B;
    }

    /** Names and shapes of an adapter's parameters. */
    public static Map<String, long[]> shapes(LoraConfig config, DecoderConfig model) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        config.projections(model).forEach((projection, shape) -> {
            shapes.put(nameOfA(projection), new long[] {config.rank(), shape[1]});
            shapes.put(nameOfB(projection), new long[] {shape[0], config.rank()});
        });
        return shapes;
    }

    /**
     * A fresh adapter, which changes nothing until it is trained: B is zero, A uniform within {@code ±1/√in}, as PEFT
     * begins (Kaiming's uniform distribution with a = √5). The same for the same seed.
     */
    public static LoraAdapter random(
            LoraConfig config, DecoderConfig model, String base, long seed, DataType dataType) {
        ParameterStore parameters = new ParameterStore(dataType);
        shapes(config, model).forEach((name, shape) -> {
            if (name.endsWith(A)) {
                parameters.put(name, uniform(name, shape, seed, dataType));
            } else {
                parameters.putZeros(name, shape);
            }
        });
        return new LoraAdapter(config, parameters, base);
    }

    private static INDArray uniform(String name, long[] shape, long seed, DataType dataType) {
        double bound = 1 / Math.sqrt(shape[1]);
        // String.hashCode is specified, so this seed is the same in every JVM.
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + name.hashCode());
        double[] values = new double[Math.toIntExact(shape[0] * shape[1])];
        for (int i = 0; i < values.length; i++) {
            values[i] = bound * (2 * random.nextDouble() - 1);
        }
        INDArray doubles = Nd4j.create(values, shape, 'c');
        if (dataType == DataType.DOUBLE) {
            return doubles;
        }
        try (doubles) {
            return doubles.castTo(dataType);
        }
    }

    /** The same adapter, with the same parameters, of a base model in another place. */
    public LoraAdapter withBase(String folder) {
        return new LoraAdapter(config, parameters, folder);
    }

    @Override
    public void close() {
        parameters.close();
    }
}
