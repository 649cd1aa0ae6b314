package org.grpo4j.training.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.grpo4j.framework.io.TensorType;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Types of stored weights on the command line, by the names that {@code torch_dtype} has for them. */
final class StoredType implements ITypeConverter<TensorType> {

    private static final List<TensorType> KNOWN = List.of(TensorType.F32, TensorType.BF16, TensorType.F16);

    @Override
    public TensorType convert(String name) {
        return KNOWN.stream()
                .filter(type -> type.torchName().equals(name))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + name + "' is no type of weights; known are "
                        + KNOWN.stream().map(TensorType::torchName).collect(Collectors.joining(", "))));
    }

    /** The type of a name that comes from a file and has been checked or is written by us; F32 for others. */
    static TensorType named(String torchName) {
        return KNOWN.stream()
                .filter(type -> type.torchName().equals(torchName))
                .findFirst()
                .orElse(TensorType.F32);
    }
}
