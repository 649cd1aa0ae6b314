package org.grpo4j.training.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.grpo4j.framework.InputException;
import org.grpo4j.framework.io.SafetensorsFolder;
import org.grpo4j.framework.io.TensorEntry;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.lora.AdapterFolder;
import org.grpo4j.models.weights.AdapterBase;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.training.trainer.TrainingMemory;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A model folder, looked at from outside.
 *
 * @param folder of the model itself
 * @param adapter folder of its adapter, or null
 * @param config of the model
 */
record ModelInspection(Path folder, @Nullable Path adapter, DecoderConfig config) {

    static ModelInspection of(Path folder) {
        if (AdapterBase.isNeededBy(folder)) {
            Path base = AdapterBase.of(folder);
            return new ModelInspection(base, folder, DecoderConfig.read(base.resolve("config.json")));
        }
        Checkpoint.requireModelFolder(folder);
        return new ModelInspection(folder, null, DecoderConfig.read(folder.resolve("config.json")));
    }

    /**
     * What the folder holds.
     *
     * @throws InputException if its parts do not belong together
     */
    ObjectNode describe(ObjectNode result) {
        Checkpoint.check(folder);
        result.put("folder", folder.toString())
                .put("family", config.family().modelType())
                .put("layers", config.layers())
                .put("width", config.width())
                .put("heads", config.heads())
                .put("kv_heads", config.kvHeads())
                .put("head_dim", config.headDim())
                .put("ffn", config.feedForward())
                .put("vocabulary", config.vocabularySize())
                .put("positions", config.maxPositionEmbeddings())
                .put("tied_head", config.tiedEmbeddings())
                .put("parameters", parameters(config));
        describeFiles(result.putArray("dtypes"));
        ModelWords words = ModelWords.of(folder, config);
        result.put("tokenizer_tokens", words.tokens()).put("chat_template", words.chats());
        if (adapter != null) {
            var lora = AdapterFolder.read(adapter, config);
            ObjectNode node = result.putObject("adapter").put("folder", adapter.toString());
            node.put("rank", lora.rank()).put("scale", lora.scale());
            ArrayNode targets = node.putArray("target_modules");
            lora.targetsInOrder().forEach(targets::add);
        }
        return result;
    }

    private static long parameters(DecoderConfig config) {
        return config.parameterShapes().values().stream()
                .mapToLong(shape -> shape.length == 1 ? shape[0] : shape[0] * shape[1])
                .sum();
    }

    private void describeFiles(ArrayNode types) {
        Map<String, long[]> byType = new TreeMap<>();
        try (SafetensorsFolder weights = SafetensorsFolder.open(folder)) {
            for (String name : weights.names()) {
                TensorEntry entry =
                        Objects.requireNonNull(weights.fileOf(name).tensors().get(name));
                long[] sums = byType.computeIfAbsent(entry.type().name(), type -> new long[2]);
                sums[0]++;
                sums[1] += entry.end() - entry.begin();
            }
        }
        byType.forEach((type, sums) ->
                types.addObject().put("dtype", type).put("tensors", sums[0]).put("bytes", sums[1]));
    }

    /** What memory it takes, in bytes. */
    void measure(ObjectNode result, int tokens, int length, int replicas) {
        long parameters = parameters(config);
        ObjectNode inference = result.putObject("inference");
        inference.put("weights_float32", parameters * Float.BYTES);
        inference.put("weights_bfloat16", parameters * Short.BYTES);
        inference.put("kv_cache_per_token", 2L * config.layers() * config.kvHeads() * config.headDim() * Float.BYTES);
        ObjectNode training = result.putObject("training");
        training.put("micro_batch_tokens", tokens).put("length", length).put("replicas", replicas);
        ArrayNode modes = training.putArray("modes");
        for (TrainingMemory mode : TrainingMemory.of(config, tokens, length, replicas)) {
            modes.addObject()
                    .put("mode", mode.mode())
                    .put("weights_dtype", mode.weightsType() == DataType.FLOAT ? "float32" : "bfloat16")
                    .put("trained_parameters", mode.trained())
                    .put("weights", mode.weights())
                    .put("gradients_and_optimiser", mode.state())
                    .put("activations", mode.activations())
                    .put("activations_recomputed", mode.recomputed())
                    .put("total", mode.weights() + mode.state() + mode.activations())
                    .put("total_recomputed", mode.weights() + mode.state() + mode.recomputed());
        }
    }
}
