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

    /** What a step did. */
    record Step(double gradientNorm, double learningRate) {}

    /**
     * Takes one step with the present gradients.
     *
     * @throws IllegalStateException if the gradient is not finite; parameters and state are then unchanged
     */
    Step step() {
        double rate = schedule.rate(adamW.steps());
        double norm = clip.apply();
        if (!Double.isFinite(norm)) {
            throw new IllegalStateException("the gradient norm is " + norm + " at optimiser step " + (adamW.steps() + 1)
                    + "; lower the learning rate or look for bad values in the data");
        }
        adamW.step(rate);
        return new Step(norm, rate);
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
