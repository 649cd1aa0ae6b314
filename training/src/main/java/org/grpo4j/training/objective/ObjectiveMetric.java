package org.grpo4j.training.objective;

import java.util.Locale;

/** Quantities that the graph reports beside the loss, each a scalar over the tokens of one micro-batch. */
public enum ObjectiveMetric {
    /** Sum of ρ over tokens, over completions with {@code ratio_level: sequence}. */
    RATIO,
    /** Sum of |z| before its bound, over the same. */
    ABS_Z,
    /** Largest |z| of any token. */
    MAX_ABS_Z,
    /** Number of ratios below the lower clip bound with a negative advantage. */
    CLIP_LOW,
    /** Number of ratios above the upper clip bound with a positive advantage. */
    CLIP_HIGH,
    /** Sum of the k3 estimate of the reference KL over tokens; only with reference log-probs. */
    KL_K3,
    /** Sum of the entropies over tokens; only with entropies. */
    ENTROPY;

    /** Name of the graph variable. */
    public String outputName() {
        return "objective_" + name().toLowerCase(Locale.ROOT);
    }
}
