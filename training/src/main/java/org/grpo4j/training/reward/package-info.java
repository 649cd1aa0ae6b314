/**
 * Rewards of completions: small functions of text, combined by weights. What a correct answer is belongs to the datasets
 * module, what a reward does to the policy to the objective.
 */
@NullMarked
package org.grpo4j.training.reward;

import org.jspecify.annotations.NullMarked;
