/**
 * A run as TensorBoard reads it: event files with scalars, histograms and sample completions. The few messages of the format
 * are encoded here; what is worth logging is decided by the trainer's metrics, nothing here computes one.
 */
@NullMarked
package org.grpo4j.training.tensorboard;

import org.jspecify.annotations.NullMarked;
