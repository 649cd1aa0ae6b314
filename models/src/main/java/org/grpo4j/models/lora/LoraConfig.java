package org.grpo4j.models.lora;

import java.util.ArrayList;
import java.util.Collection;
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
 * @param targetModules the adapted projections: the last part of a name, for instance {@code q_proj}, in all layers, or a
 *     whole one such as {@code model.layers.3.self_attn.q_proj} in one
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
            if (!PROJECTIONS.contains(module) && !isProjection(module)) {
                throw new InputException(
                        "LoRA target module " + module + " is not supported; choose some of " + PROJECTIONS + ".");
            }
        }
    }

    /** Factor of the adapter's contribution. */
    public double scale() {
        return rankStabilised ? alpha / Math.sqrt(rank) : alpha / rank;
    }

    /** The target modules in the order of a block, single ones after those of all layers. */
    public List<String> targetsInOrder() {
        List<String> targets = new ArrayList<>(PROJECTIONS);
        targets.retainAll(targetModules);
        targetModules.stream()
                .filter(target -> !PROJECTIONS.contains(target))
                .sorted()
                .forEach(targets::add);
        return targets;
    }

    /** Whether a projection, for instance {@code model.layers.0.mlp.up_proj}, is adapted. */
    public boolean adapts(String projection) {
        return targetModules.contains(lastPart(projection)) || targetModules.contains(projection);
    }

    /** Whether a module is a projection of a block, by its whole name. */
    private static boolean isProjection(String module) {
        return module.startsWith("model.layers.") && PROJECTIONS.contains(lastPart(module));
    }

    private static String lastPart(String module) {
        return module.substring(module.lastIndexOf('.') + 1);
    }

    /** These settings with targets as {@link #resolve} writes them. */
    public LoraConfig resolvedFor(DecoderConfig config) {
        return new LoraConfig(rank, alpha, dropout, resolve(targetModules, config), rankStabilised);
    }

    /**
     * Targets as PEFT understands them, in one spelling: the last part of a name where all layers are adapted, whole names
     * elsewhere.
     *
     * @param targets whole names or ends of names, or {@code all-linear}
     * @throws InputException if one of them names no projection of the model
     */
    public static Set<String> resolve(Collection<String> targets, DecoderConfig config) {
        List<String> known = allProjections(config);
        Set<String> found = new TreeSet<>();
        for (String target : targets) {
            List<String> matches = known.stream()
                    .filter(name -> target.equals("all-linear") || name.equals(target) || name.endsWith("." + target))
                    .toList();
            if (matches.isEmpty()) {
                throw new InputException("target_modules names " + target
                        + ", which is not supported or not in the base model; known are " + PROJECTIONS + ".");
            }
            found.addAll(matches);
        }
        return named(found, config);
    }

    /** The whole names of all projections that could be adapted. */
    static List<String> allProjections(DecoderConfig config) {
        return config.parameterShapes().keySet().stream()
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .filter(LoraConfig::isProjection)
                .distinct()
                .toList();
    }

    /** Names for a set of projections given by their whole names: the last part where all layers have it. */
    static Set<String> named(Collection<String> projections, DecoderConfig config) {
        Set<String> names = new TreeSet<>();
        for (String last : PROJECTIONS) {
            List<String> own = projections.stream()
                    .filter(projection -> lastPart(projection).equals(last))
                    .toList();
            if (own.size() == config.layers()) {
                names.add(last);
            } else {
                names.addAll(own);
            }
        }
        return names;
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
