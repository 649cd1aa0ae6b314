package org.grpo4j.models.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.config.DecoderConfig;

/**
 * Settings of a low-rank adapter: a projection {@code W x} becomes {@code W x + scale · B A dropout(x)}.
 *
 * @param rank columns of B and rows of A ({@code r})
 * @param alpha numerator of the scale ({@code lora_alpha})
 * @param dropout probability that a number of the adapter's input is 0 in training ({@code lora_dropout})
 * @param targetModules the adapted projections by their last name, for instance {@code q_proj}
 * @param rankStabilised whether the scale is {@code alpha / √rank} instead of {@code alpha / rank} (rsLoRA, Kalajdzievski,
 *     arXiv 2312.03732; {@code use_rslora})
 */
public record LoraConfig(int rank, double alpha, double dropout, Set<String> targetModules, boolean rankStabilised) {

    /** Every projection of a block, in the order of the block. */
    public static final List<String> PROJECTIONS =
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

    public LoraConfig {
        if (rank < 1) {
            throw new InputException("The rank of a LoRA adapter is " + rank + "; it must be at least 1.");
        }
        if (!(alpha > 0 && Double.isFinite(alpha))) {
            throw new InputException("lora_alpha is " + alpha + "; it must be a positive number.");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException("lora_dropout is " + dropout + "; it must be at least 0 and below 1.");
        }
        targetModules = Set.copyOf(targetModules);
        if (targetModules.isEmpty()) {
            throw new InputException("A LoRA adapter needs target modules; choose some of " + PROJECTIONS + ".");
        }
        for (String module : new TreeSet<>(targetModules)) {
            if (!PROJECTIONS.contains(module)) {
                throw new InputException(
                        "LoRA target module " + module + " is not supported; choose some of " + PROJECTIONS + ".");
            }
        }
    }

    /** Factor of the adapter's contribution. */
    public double scale() {
        return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    /** Whether a projection, for instance {@code model.layers.0.mlp.up_proj}, is adapted. */
    public boolean adapts(String projection) {
        return targetModules.contains(projection.substring(projection.lastIndexOf('.') + 1));
    }

    /** The adapted projections of a model, in its own order, with the shape {@code [out, in]} of their weights. */
    public Map<String, long[]> projections(DecoderConfig config) {
        Map<String, long[]> adapted = new LinkedHashMap<>();
        config.parameterShapes().forEach((name, shape) -> {
            String projection = name.substring(0, name.lastIndexOf('.'));
            if (shape.length == 2 && adapts(projection)) {
                adapted.put(projection, shape);
            }
        });
        return adapted;
    }
}
