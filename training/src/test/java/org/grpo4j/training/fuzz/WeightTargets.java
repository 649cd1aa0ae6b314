package org.grpo4j.training.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.grpo4j.framework.io.SafetensorsFile;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.framework.io.SafetensorsShards;
import org.grpo4j.framework.io.SafetensorsWriter;
import org.grpo4j.framework.io.TensorType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Safetensors: one file, and shards with their index. */
final class WeightTargets {

    private static final Map<String, TensorType> TYPES = Map.of(
            "embedding", TensorType.F32,
            "half", TensorType.F16,
            "bfloat", TensorType.BF16,
            "double", TensorType.F64,
            "gain", TensorType.F32,
            "scalar", TensorType.F32,
            "deep", TensorType.F32);

    private WeightTargets() {}

    private static Map<String, INDArray> tensors() {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("embedding", numbers(16, 8));
        tensors.put("half", numbers(8, 8));
        tensors.put("bfloat", numbers(4, 8));
        tensors.put("double", numbers(3, 5));
        tensors.put("gain", numbers(8));
        tensors.put("scalar", Nd4j.scalar(1.5f));
        tensors.put("deep", numbers(1, 1, 2, 1, 3));
        return tensors;
    }

    private static INDArray numbers(long... shape) {
        INDArray array = Nd4j.createUninitialized(DataType.FLOAT, shape, 'c');
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, 0.25f * i - 3);
        }
        return array;
    }

    private static void readAll(SafetensorsFile file) {
        file.metadata().forEach((key, value) -> key.concat(value));
        file.tensors().forEach((name, entry) -> {
            for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16, DataType.HALF}) {
                try (INDArray array = file.read(name, type)) {
                    if (!file.holds(name, array) && type == DataType.DOUBLE) {
                        throw new AssertionError(name + " read twice gives different numbers");
                    }
                }
            }
        });
    }

    /** {@code model.safetensors}. */
    static final class Single implements FuzzTarget {

        @Override
        public String name() {
            return "safetensors";
        }

        @Override
        public List<Map<String, byte[]>> seeds() throws IOException {
            return List.of(
                    Seeds.writtenBy(folder -> SafetensorsWriter.write(
                            folder.resolve("model.safetensors"), tensors(), TYPES::get, Map.of("made", "by a test"))),
                    Seeds.writtenBy(folder -> SafetensorsWriter.write(
                            folder.resolve("model.safetensors"),
                            Map.of("weight", numbers(64, 32)),
                            TensorType.BF16,
                            Map.of())));
        }

        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            return SafetensorsMutator.mutate(content, random);
        }

        @Override
        public void load(Path folder) {
            try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
                readAll(file);
            }
        }
    }

    /** Shards and {@code model.safetensors.index.json}, beside a folder that no index may lead to. */
    static final class Shards implements FuzzTarget {

        @Override
        public String name() {
            return "shards";
        }

        @Override
        public List<Map<String, byte[]>> seeds() throws IOException {
            Map<String, byte[]> folder =
                    Seeds.writtenBy(path -> SafetensorsShards.write(path, tensors(), TYPES::get, 200));
            return List.of(folder);
        }

        @Override
        public List<String> favourites() {
            return List.of(SafetensorsFolder.INDEX_FILE);
        }

        @Override
        public byte[] mutate(String file, byte[] content, Random random) {
            return file.endsWith(".json")
                    ? JsonMutator.mutate(content, random)
                    : SafetensorsMutator.mutate(content, random);
        }

        @Override
        public void load(Path folder) throws IOException {
            // What an index could lead to if names were only joined with the folder: it would be read without
            // complaint.
            Path outside = folder.resolveSibling("outside.safetensors");
            Path inside = folder.resolve("model-00001-of-00005.safetensors");
            if (Files.exists(inside) && !Files.exists(outside)) {
                Files.copy(inside, outside);
            }
            List<Path> read = new ArrayList<>();
            try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
                for (String name : weights.names()) {
                    SafetensorsFile file = weights.fileOf(name);
                    if (!read.contains(file.path())) {
                        read.add(file.path());
                        readAll(file);
                    }
                }
            }
            requireInside(folder, read);
        }

        private static void requireInside(Path folder, List<Path> read) throws IOException {
            for (Path path : read) {
                if (!path.toRealPath().getParent().equals(folder.toRealPath())) {
                    throw new AssertionError(path + " lies outside of the folder");
                }
            }
        }
    }
}
