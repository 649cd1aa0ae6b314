package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * Metrics of a batch: means over all tokens, over completions with {@code ratio_level: sequence} where noted.
 *
 * @param meanRatio of ρ (over completions with sequence ratios, as the next three)
 * @param clipFractionLow share with {@code ρ < 1 − clip_low} and negative advantage; 0 for CISPO
 * @param clipFractionHigh share with {@code ρ > 1 + clip_high} and positive advantage
 * @param meanKlK3 k3 estimate of the KL from the reference whatever {@code kl} and {@code beta} are; null without one
 * @param meanAbsZ of |z| before it is bounded
 * @param meanEntropy null, and absent in JSON, when no entropies were given
 * @param maxAbsZ largest |z|; not part of the JSON of the objective
 */
@JsonNaming(SnakeCaseStrategy.class)
public record ObjectiveMetrics(
        double meanRatio,
        double clipFractionLow,
        double clipFractionHigh,
        @Nullable Double meanKlK3,
        double meanAbsZ,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double meanEntropy,
        @JsonIgnore double maxAbsZ) {}
