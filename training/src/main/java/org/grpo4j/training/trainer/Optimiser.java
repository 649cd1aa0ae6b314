package org.grpo4j.training.trainer;

import java.io.IOException;
import java.nio.file.Path;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.AdamW;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.optim.LearningRateSchedule;
import org.grpo4j.framework.optim.LearningRateSchedule.Decay;
import org.grpo4j.training.config.OptimiserSection;

/** Clip, schedule and AdamW as a configuration describes them, over one set of gradients. */
final class Optimiser implements AutoCloseable {
    private final AdamW adamW;
    private final GradientClip clip;
    private final LearningRateSchedule schedule;

    /**
     * Binds the optimiser.
     *
     * @param totalSteps optimiser steps of the whole run, for the schedule
     */
    Optimiser(OptimiserSection section, ParameterStore parameters, ParameterStore gradients, long totalSteps) {
        this.adamW = new AdamW(
                parameters,
                gradients,
                new AdamW.Settings(section.beta1(), section.beta2(), section.epsilon(), section.weightDecay()));
        Double maximum = section.maxGradientNorm();
        this.clip = new GradientClip(gradients, maximum == null ? Double.POSITIVE_INFINITY : maximum);
        Decay decay = section.schedule() == OptimiserSection.Schedule.COSINE ? Decay.COSINE : Decay.CONSTANT;
        this.schedule = new LearningRateSchedule(
                decay, section.learningRate(), section.warmupSteps(), totalSteps, section.minimumRatio());
    }

    /**
     * What a step did.
     *
     * @param gradientNorm before clipping
     * @param taken false if loss or gradient was not finite, so that parameters and state are unchanged
     */
    record Step(double gradientNorm, double learningRate, boolean taken) {}

    /**
     * Takes one step with the present gradients, if they and their loss are finite.
     *
     * @param loss that they are of
     */
    Step step(double loss) {
        double rate = schedule.rate(adamW.steps());
        double norm = clip.apply();
        boolean finite = Double.isFinite(norm) && Double.isFinite(loss);
        if (finite) {
            adamW.step(rate);
        }
        return new Step(norm, rate, finite);
    }

    void save(Path file) throws IOException {
        adamW.save(file);
    }

    void load(Path file) {
        adamW.load(file);
    }

    @Override
    public void close() {
        adamW.close();
        clip.close();
    }
}
