/**
 * Evaluation on benchmarks: sampling that can be interrupted, and the statistics of what was sampled. The statistics are
 * functions of counts and flags and know neither files nor models.
 */
@NullMarked
package org.grpo4j.training.eval;

import org.jspecify.annotations.NullMarked;
