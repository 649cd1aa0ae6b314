/**
 * What happens between the gradient and the parameter: clipping, learning rate, AdamW. Works on any named arrays and
 * knows neither the model nor the objective.
 */
@NullMarked
package org.grpo4j.framework.optim;

import org.jspecify.annotations.NullMarked;
