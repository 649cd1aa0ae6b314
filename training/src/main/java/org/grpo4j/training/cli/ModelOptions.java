package org.grpo4j.training.cli;

import java.nio.file.Path;
import org.grpo4j.models.config.DecoderConfig;
import org.grpo4j.models.config.ModelFamily;
import org.grpo4j.models.weights.Checkpoint;
import org.grpo4j.models.weights.CompanionFiles;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The model of a benchmark, a saved one or a shape with random weights, as a {@link Mixin}. */
final class ModelOptions {

    private static final String NUMBER = "N";

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "This model; otherwise random weights of the shape below.")
    private @Nullable Path model;

    @Option(names = "--layers", paramLabel = NUMBER, defaultValue = "4", description = "(${DEFAULT-VALUE})")
    private int layers;

    @Option(names = "--width", paramLabel = NUMBER, defaultValue = "256", description = "(${DEFAULT-VALUE})")
    private int width;

    @Option(names = "--heads", paramLabel = NUMBER, defaultValue = "8", description = "(${DEFAULT-VALUE})")
    private int heads;

    @Option(names = "--kv-heads", paramLabel = NUMBER, defaultValue = "4", description = "(${DEFAULT-VALUE})")
    private int kvHeads;

    @Option(names = "--ffn", paramLabel = NUMBER, defaultValue = "1024", description = "(${DEFAULT-VALUE})")
    private int ffn;

    @Option(names = "--vocabulary", paramLabel = NUMBER, defaultValue = "1000", description = "(${DEFAULT-VALUE})")
    private int vocabulary;

    @Option(names = "--tied", description = "The head is the embedding table.")
    private boolean tied;

    @Option(names = "--qkv-bias", description = "Query, key and value projections have biases, as those of Qwen2.")
    private boolean queryKeyValueBias;

    @Mixin
    private LoadOptions loading;

    /**
     * The model, to be closed by the caller: family llama, or Qwen2 with biases, unless a folder was given.
     *
     * @param positions a random model has at least
     */
    Checkpoint checkpoint(int positions) {
        if (model != null) {
            return loading.checkpoint(ModelFolder.of(model));
        }
        DecoderConfig config = DecoderConfig.builder(queryKeyValueBias ? ModelFamily.QWEN2 : ModelFamily.LLAMA)
                .vocabularySize(vocabulary)
                .width(width)
                .feedForward(ffn)
                .layers(layers)
                .heads(heads)
                .kvHeads(kvHeads)
                .maxPositionEmbeddings(Math.max(1, positions))
                .tiedEmbeddings(tied)
                .build();
        return Checkpoint.random(config, 0, DataType.FLOAT, CompanionFiles.none(), loading.storage());
    }
}
