package org.grpo4j.training.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.AtomicFolder;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.framework.io.TensorEntry;
import org.grpo4j.framework.io.TensorType;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.WeightStorage;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code grpo4j convert}. */
@Command(
        name = "convert",
        description =
                "Write a model again: as a plain Hugging Face folder without training state, with its adapter merged,"
                        + " in another type or in smaller files.",
        sortOptions = false,
        footer = {"", "Takes as much memory as the new weights take on disk, in float32 at most."})
final class ConvertCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description =
                    "A checkpoint folder, the folder of a run, or that of an adapter, which is merged into its base.")
    private Path model;

    @Option(names = "--adapter", paramLabel = "DIR", description = "Merge this adapter of the model.")
    private @Nullable Path adapter;

    @Option(names = "--keep-adapter", description = "Write the adapter alone, as PEFT does, instead of merging it.")
    private boolean keepAdapter;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write; must be new or empty.")
    private Path out;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            converter = StoredType.class,
            description =
                    "float32, bfloat16 or float16. Unless given every tensor keeps its type, or is float32 where an"
                            + " adapter is merged: what few steps have learned would be lost in rounding.")
    private @Nullable TensorType type;

    @Option(
            names = "--shard-gb",
            paramLabel = "GB",
            defaultValue = "5",
            description = "Most gigabytes of one weight file (${DEFAULT-VALUE}).")
    private double shardGigabytes;

    @Override
    public Integer call() throws IOException {
        if (!(shardGigabytes > 0)) {
            throw new IllegalArgumentException("--shard-gb is " + shardGigabytes + " but must be above 0");
        }
        long shardBytes = (long) Math.min(shardGigabytes * 1e9, Long.MAX_VALUE);
        Path folder = ModelFolder.of(model);
        AtomicFolder.requireNewOrEmpty(out);
        ModelInspection found = ModelInspection.of(folder);
        Path low = adapter == null ? found.adapter() : ModelFolder.of(adapter);
        if (keepAdapter && low == null) {
            throw new InputException(folder + " has no adapter to keep; leave --keep-adapter out, or give --adapter.");
        }
        boolean merges = low != null && !keepAdapter;
        TensorType target = type == null && merges ? TensorType.F32 : type;
        try (Checkpoint whole = load(folder, storage(found.folder(), target), merges)) {
            AtomicFolder.create(out, temporary -> {
                if (target == null) {
                    whole.writeInto(temporary, shardBytes);
                } else {
                    whole.writeInto(temporary, target, shardBytes);
                }
            });
            spec.commandLine()
                    .getOut()
                    .println(String.format(
                            Locale.ROOT,
                            "convert: %,d parameters%s in %s",
                            keepAdapter
                                    ? whole.model().parameterCount()
                                            - whole.parameters().parameterCount()
                                    : whole.parameters().parameterCount(),
                            merges ? ", the adapter merged," : keepAdapter ? " of the adapter alone" : "",
                            out));
        }
        return 0;
    }

    private Checkpoint load(Path folder, WeightStorage storage, boolean merges) {
        Checkpoint loaded = Checkpoint.load(folder, DataType.FLOAT, storage);
        Checkpoint given = adapter == null ? loaded : loaded.withAdapter(ModelFolder.of(adapter), folder);
        boolean done = false;
        try {
            Checkpoint result = merges ? given.merged() : given;
            done = true;
            return result;
        } finally {
            if (!done) {
                given.close();
            }
        }
    }

    /** Matrices that are narrow here and there need not be wide in between. */
    private static WeightStorage storage(Path folder, @Nullable TensorType target) {
        Set<TensorType> matrices = EnumSet.noneOf(TensorType.class);
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            for (String name : weights.names()) {
                SafetensorsFile file = weights.fileOf(name);
                TensorEntry entry = file.tensors().get(name);
                if (entry != null && entry.shape().length == 2) {
                    matrices.add(entry.type());
                }
            }
        }
        TensorType only = matrices.size() == 1 ? matrices.iterator().next() : TensorType.F32;
        return target == null || target == only ? WeightStorage.of(only) : WeightStorage.WIDE;
    }
}
