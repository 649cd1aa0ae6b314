package org.grpo4j.training.trainer;

import java.util.LinkedHashMap;
import java.util.Map;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.jspecify.annotations.Nullable;

/** Means over the optimiser steps taken on one rollout batch; maxima where a maximum is meant; NaN without a step. */
final class UpdateStatistics {
    private int passes;
    private double loss;
    private double kl;
    private double clipLow;
    private double clipHigh;
    private final TokenRatios ratios = new TokenRatios();
    private double ratio;
    private double absZ;
    private double maxAbsZ;
    private double entropy;
    private double gradientNorm;
    private double learningRate = Double.NaN;
    private double logProbGap = Double.NaN;
    private final Map<String, Double> further = new LinkedHashMap<>();

    void add(PolicyUpdate.Pass pass, TokenRatios ofPass, Optimiser.Step step) {
        // Only on the first pass are the trained and the sampling policy the same, so that their gap is an error.
        if (passes == 0) {
            logProbGap = pass.logProbGap();
        }
        passes++;
        loss += pass.loss();
        kl += orNan(pass.metrics().meanKlK3());
        clipLow += pass.metrics().clipFractionLow();
        clipHigh += pass.metrics().clipFractionHigh();
        ratios.add(ofPass);
        ratio += pass.metrics().meanRatio();
        absZ += pass.metrics().meanAbsZ();
        maxAbsZ = Math.max(maxAbsZ, pass.metrics().maxAbsZ());
        entropy += orNan(pass.metrics().meanEntropy());
        gradientNorm += step.gradientNorm();
        learningRate = step.learningRate();
        pass.further().forEach((name, value) -> further.merge(name, value, Double::sum));
    }

    void put(StepMetrics.Builder metrics) {
        ratios.put(metrics);
        further.forEach((name, sum) -> metrics.put(name, sum / passes));
        metrics.put(Metric.LOSS, loss / passes)
                .put(Metric.KL, kl / passes)
                .put(Metric.CLIP_FRACTION_LOW, clipLow / passes)
                .put(Metric.CLIP_FRACTION_HIGH, clipHigh / passes)
                .put(Metric.RATIO_MEAN, ratio / passes)
                .put(Metric.Z_ABS_MEAN, absZ / passes)
                .put(Metric.Z_ABS_MAX, passes == 0 ? Double.NaN : maxAbsZ)
                .put(Metric.ENTROPY, entropy / passes)
                .put(Metric.GRADIENT_NORM, gradientNorm / passes)
                .put(Metric.LEARNING_RATE, learningRate)
                .put(Metric.LOG_PROB_GAP, logProbGap);
    }

    private static double orNan(@Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
