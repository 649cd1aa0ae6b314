package org.grpo4j.training.report;

/**
 * A completion to look at.
 *
 * @param run name of the run
 * @param step at which it was sampled
 * @param prompt what was asked
 * @param completion what the policy wrote
 * @param reward it got
 * @param advantage it got in its group; NaN if it was not trained on
 */
public record SampleCompletion(
        String run, int step, String prompt, String completion, double reward, double advantage) {}
