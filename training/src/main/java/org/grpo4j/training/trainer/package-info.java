/**
 * The loops: supervised fine-tuning and reinforcement, from rollouts to optimiser steps. The mathematics lives in
 * {@code objective} and {@code reward}; here it is only put together.
 */
@NullMarked
package org.grpo4j.training.trainer;

import org.jspecify.annotations.NullMarked;
