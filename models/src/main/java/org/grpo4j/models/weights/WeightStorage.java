package org.grpo4j.models.weights;

import java.util.function.Predicate;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.io.TensorType;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * In which type the parameters of a model stay in memory. Vectors (norm gains, biases) and what trains always have the
 * type of the computation; the other matrices may be narrow: half of FLOAT's memory, frozen, widened when they are used.
 *
 * @param narrow BFLOAT16 or HALF for frozen matrices, null to keep all in the type of the computation
 * @param trains names of matrices that must not be narrow, because they train
 */
public record WeightStorage(@Nullable DataType narrow, Predicate<String> trains) {

    /** Everything in the type of the computation, so that everything can train. */
    public static final WeightStorage WIDE = new WeightStorage(null, name -> true);

    public WeightStorage {
        if (narrow != null && narrow != DataType.BFLOAT16 && narrow != DataType.HALF) {
            throw new IllegalArgumentException("narrow weights are BFLOAT16 or HALF, not " + narrow);
        }
    }

    /** All matrices in BFLOAT16. */
    public static WeightStorage bfloat16() {
        return new WeightStorage(DataType.BFLOAT16, name -> false);
    }

    /** All matrices in HALF, which rounds finer than BFLOAT16 but ends at 65,504. */
    public static WeightStorage float16() {
        return new WeightStorage(DataType.HALF, name -> false);
    }

    /**
     * The storage of a configuration's {@code weights_dtype}.
     *
     * @param torchName {@code float32}, {@code bfloat16} or {@code float16}
     * @throws InputException for any other name
     */
    public static WeightStorage named(String torchName) {
        return switch (torchName) {
            case "float32" -> WIDE;
            case "bfloat16" -> bfloat16();
            case "float16" -> float16();
            default ->
                throw new InputException(
                        "weights_dtype is \"" + torchName + "\"; it must be float32, bfloat16 or float16.");
        };
    }

    /** The storage that holds weights which are kept in a file of this type without loss, and no wider than that needs. */
    public static WeightStorage of(TensorType stored) {
        return switch (stored) {
            case BF16 -> bfloat16();
            case F16 -> float16();
            case F32, F64 -> WIDE;
        };
    }

    /** The same, except that matrices of these names train. */
    public WeightStorage training(Predicate<String> names) {
        return new WeightStorage(narrow, trains.or(names));
    }

    /** The type of a parameter in a {@link ParameterStore} that computes in {@code compute}. */
    public DataType typeOf(String name, long[] shape, DataType compute) {
        return narrow == null || shape.length != 2 || trains.test(name) ? compute : narrow;
    }
}
