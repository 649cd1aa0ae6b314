package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Course of λ over a run: from the configured value at the first step to another one, where it stays. Short traces early
 * on, while advantages are noisy, or long ones, while much is to be credited: both are a schedule.
 *
 * @param last λ after {@code steps} steps, in [0, 1]; the key is {@code final}
 * @param steps rollout batches until then, at least 1
 * @param shape of the way, or null for {@link Shape#LINEAR}
 */
public record LambdaSchedule(
        @JsonProperty(value = "final", required = true) double last,
        @JsonProperty(value = "steps", required = true) int steps,
        @JsonProperty("shape") @Nullable Shape shape) {

    /** How λ gets from one end to the other. */
    public enum Shape {
        /** By the same amount every step. */
        @JsonProperty("linear")
        LINEAR,
        /** Half a cosine: slowly at both ends. */
        @JsonProperty("cosine")
        COSINE
    }

    /** @throws IllegalArgumentException naming the key, its value and what is allowed */
    public LambdaSchedule {
        if (!(last >= 0 && last <= 1)) {
            throw new IllegalArgumentException("final is " + last + " but must be 0 to 1");
        }
        if (steps < 1) {
            throw new IllegalArgumentException("steps is " + steps + " but must be at least 1");
        }
    }

    /**
     * λ at a step.
     *
     * @param first λ at the first step
     * @param step counted from 1
     */
    double at(double first, long step) {
        double way = Math.min(1, Math.max(0, step - 1) / (double) steps);
        double share = shape == Shape.COSINE ? (1 - Math.cos(Math.PI * way)) / 2 : way;
        // The ends exactly, whatever the rounding in between.
        return way == 1 ? last : first + (last - first) * share;
    }
}
