package org.grpo4j.training.eval;

/**
 * Accuracy on a part of a suite.
 *
 * @param group what the parts differ in: subject, level
 * @param value which part
 * @param problems in it
 * @param accuracy mean over its problems, with the interval over problems
 */
public record GroupAccuracy(String group, String value, int problems, Estimate accuracy) {}
