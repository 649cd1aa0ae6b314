/**
 * Sampling of completions with a key-value cache: prefill, decode and the choice of tokens. No gradients here.
 */
@NullMarked
package org.grpo4j.models.generate;

import org.jspecify.annotations.NullMarked;
