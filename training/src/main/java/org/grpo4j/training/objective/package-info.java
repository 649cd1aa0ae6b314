/**
 * The policy objective: GRPO-λ and its neighbours as switches of one loss. Advantages and weights are plain arrays, loss
 * and metrics are ops of a SameDiff graph; no rollouts, files or optimisers here.
 */
@NullMarked
package org.grpo4j.training.objective;

import org.jspecify.annotations.NullMarked;
