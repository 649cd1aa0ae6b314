package org.grpo4j.models.config;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The decoder families this library knows, by the {@code model_type} of their {@code config.json}. */
public enum ModelFamily {
    /** Llama 2 and 3: no biases unless {@code attention_bias}, optional "llama3" frequency scaling. */
    LLAMA("llama", "LlamaForCausalLM", 2048),
    /** Qwen2 and Qwen2.5: biases on the query, key and value projections. */
    QWEN2("qwen2", "Qwen2ForCausalLM", 32768),
    /** Qwen3: RMS norms over each query and key head, explicit head size. */
    QWEN3("qwen3", "Qwen3ForCausalLM", 32768);

    private final String modelType;
    private final String architecture;
    private final int defaultMaxPositionEmbeddings;

    ModelFamily(String modelType, String architecture, int defaultMaxPositionEmbeddings) {
        this.modelType = modelType;
        this.architecture = architecture;
        this.defaultMaxPositionEmbeddings = defaultMaxPositionEmbeddings;
    }

    /** The value of {@code model_type}. */
    public String modelType() {
        return modelType;
    }

    /** The class name that Hugging Face lists under {@code architectures}. */
    public String architecture() {
        return architecture;
    }

    /** Hugging Face's default of {@code max_position_embeddings}. */
    int defaultMaxPositionEmbeddings() {
        return defaultMaxPositionEmbeddings;
    }

    static Optional<ModelFamily> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(family -> family.modelType.equals(modelType))
                .findFirst();
    }

    static String knownModelTypes() {
        return Arrays.stream(values()).map(ModelFamily::modelType).collect(Collectors.joining(", "));
    }
}
