/**
 * Autodiff on SameDiff: differentiable ops, gradients, compiled plans, optimisers and tensors on disk. Nothing here
 * knows what a transformer, a reward or a dataset is.
 */
@NullMarked
package org.grpo4j.framework;

import org.jspecify.annotations.NullMarked;
