/**
 * What a run sampled, kept for looking at: completions cut into the texts of their tokens, with what they earned and the
 * credit of every token. Only a bounded selection of steps stays on the disk, and nothing here may slow a run down.
 */
@NullMarked
package org.grpo4j.training.rollouts;

import org.jspecify.annotations.NullMarked;
