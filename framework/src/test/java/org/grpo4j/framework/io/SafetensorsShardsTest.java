package org.grpo4j.framework.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SafetensorsShardsTest {

    @TempDir
    Path folder;

    /** Every tensor once, in order within its shard, and no shard above the limit unless it is one tensor. */
    @Property
    void splitsAsHuggingFaceDoes(
            @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 1, max = 100) Integer> bytes,
            @ForAll @LongRange(min = 1, max = 200) long limit) {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (int i = 0; i < bytes.size(); i++) {
            sizes.put("t" + i, (long) bytes.get(i));
        }
        List<List<String>> shards = SafetensorsShards.split(sizes, limit);
        assertThat(shards.stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(sizes.keySet());
        List<String> names = List.copyOf(sizes.keySet());
        long before = Long.MAX_VALUE;
        for (List<String> shard : shards) {
            assertThat(shard).isNotEmpty();
            assertThat(shard.stream().map(names::indexOf).toList()).isSorted();
            long size = shard.stream().mapToLong(sizes::get).sum();
            if (shard.size() > 1 || size <= limit) {
                assertThat(size).isLessThanOrEqualTo(limit);
                // A shard is only begun when the one before it has no room for the tensor.
                assertThat(before).isGreaterThan(limit - sizes.get(shard.get(0)));
                before = size;
            }
        }
    }

    @Test
    void aTensorAboveTheLimitHasAShardOfItsOwn() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        sizes.put("a", 4L);
        sizes.put("huge", 11L);
        sizes.put("b", 6L);
        sizes.put("c", 1L);
        assertThat(SafetensorsShards.split(sizes, 10))
                .containsExactly(List.of("huge"), List.of("a", "b"), List.of("c"));
    }

    @Test
    void shardsAndTheirIndexAreReadAgain() throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("z", Nd4j.createFromArray(1f, 2f, 3f));
        tensors.put("m", Nd4j.createFromArray(4f, 5f).castTo(DataType.BFLOAT16));
        tensors.put("a", Nd4j.createFromArray(6f, 7f));
        write(tensors, 16);
        assertThat(files())
                .containsExactly(
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        SafetensorsFolder.INDEX_FILE);
        JsonNode index = new ObjectMapper().readTree(Files.readString(folder.resolve(SafetensorsFolder.INDEX_FILE)));
        assertThat(index.get("metadata").get("total_size").longValue()).isEqualTo(24);
        assertThat(index.get("weight_map").fieldNames()).toIterable().containsExactly("a", "m", "z");
        assertThat(index.get("weight_map").get("a").asText()).isEqualTo("model-00002-of-00002.safetensors");
        requireEqual(tensors);

        // Another number of shards, then one file: nothing of what was there before may be taken for the new weights.
        write(tensors, 8);
        assertThat(files()).hasSize(4).doesNotContain("model-00001-of-00002.safetensors");
        requireEqual(tensors);
        write(tensors, 24);
        assertThat(files()).containsExactly(SafetensorsFolder.SINGLE_FILE);
        requireEqual(tensors);
        tensors.put("b", Nd4j.createFromArray(8f));
        write(tensors, 16);
        assertThat(files()).doesNotContain(SafetensorsFolder.SINGLE_FILE);
        requireEqual(tensors);
    }

    private void write(Map<String, INDArray> tensors, long limit) throws IOException {
        SafetensorsShards.write(folder, tensors, name -> name.equals("m") ? TensorType.BF16 : TensorType.F32, limit);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void requireEqual(Map<String, INDArray> tensors) {
        try (SafetensorsFolder read = SafetensorsFolder.open(folder)) {
            assertThat(read.names()).containsExactlyInAnyOrderElementsOf(tensors.keySet());
            tensors.forEach((name, tensor) ->
                    assertThat(read.fileOf(name).read(name, tensor.dataType())).isEqualTo(tensor));
        }
    }
}
