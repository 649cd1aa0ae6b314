package org.grpo4j.framework.optim;

import org.grpo4j.framework.InputException;

/**
 * Learning rate over optimiser steps: a linear rise to {@code peak}, then constant or falling to {@code peak *
 * minimumRatio}.
 *
 * <p>Steps count from 0. Unlike Hugging Face's schedules the rise does not begin with a step of rate zero: step {@code s}
 * of the warm-up has rate {@code peak * (s + 1) / warmupSteps}.
 *
 * @param decay what follows the warm-up
 * @param peak highest rate
 * @param warmupSteps length of the rise, 0 for none
 * @param totalSteps the step at which the lowest rate is reached; it stays there afterwards. Unused if constant
 * @param minimumRatio lowest rate as a part of the peak, 0 to 1. Unused if constant
 */
public record LearningRateSchedule(Decay decay, double peak, long warmupSteps, long totalSteps, double minimumRatio) {

    /** The shape after the warm-up. */
    public enum Decay {
        CONSTANT,
        COSINE,
        LINEAR
    }

    public LearningRateSchedule {
        if (!(peak >= 0 && Double.isFinite(peak))) {
            throw new InputException("The peak learning rate is " + peak + "; it must be a number of at least 0.");
        }
        if (warmupSteps < 0) {
            throw new InputException("The warm-up takes " + warmupSteps + " steps; it must be at least 0.");
        }
        if (decay != Decay.CONSTANT && totalSteps < warmupSteps) {
            throw new InputException("The learning rate warms up for " + warmupSteps + " steps of " + totalSteps
                    + " in all; the first must not exceed the second.");
        }
        if (!(minimumRatio >= 0 && minimumRatio <= 1)) {
            throw new InputException(
                    "The minimum ratio of the learning rate is " + minimumRatio + "; it must lie between 0 and 1.");
        }
    }

    /** The same rate at every step. */
    public static LearningRateSchedule constant(double rate) {
        return new LearningRateSchedule(Decay.CONSTANT, rate, 0, 0, 1);
    }

    /** @param step optimiser steps taken before this one */
    public double rate(long step) {
        if (step < warmupSteps) {
            return peak * (step + 1) / warmupSteps;
        }
        return switch (decay) {
            case CONSTANT -> peak;
            case COSINE -> falling((1 + Math.cos(Math.PI * progress(step))) / 2);
            case LINEAR -> falling(1 - progress(step));
        };
    }

    /** @param remaining 1 at the peak, 0 at the lowest rate */
    private double falling(double remaining) {
        return peak * (minimumRatio + (1 - minimumRatio) * remaining);
    }

    private double progress(long step) {
        long length = Math.max(1, totalSteps - warmupSteps);
        return Math.min(1, (double) (step - warmupSteps) / length);
    }
}
