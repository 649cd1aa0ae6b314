package org.grpo4j.training.trainer;

/**
 * What a held-out evaluation of a run gave.
 *
 * @param step after which it was made
 * @param accuracy fraction of completions whose answer is verified
 */
public record HeldOutScore(int step, double accuracy) {}
