/**
 * The policy objective: GRPO-λ and its neighbours as switches of one loss. Advantages and weights are plain arrays, loss
 * and metrics are ops of a SameDiff graph; no rollouts, files or optimisers here.
 *
 * <p>A trainer calls {@link org.grpo4j.training.objective.Objective#build} once a grid shape, and for every batch
 * {@link org.grpo4j.training.objective.Advantages#of}, then for every micro-batch
 * {@link org.grpo4j.training.objective.TokenWeights#of} and {@link org.grpo4j.training.objective.TokenWeights#fill}, and
 * adds up losses, gradients and {@link org.grpo4j.training.objective.ObjectiveSums}.
 */
@NullMarked
package org.grpo4j.training.objective;

import org.jspecify.annotations.NullMarked;
