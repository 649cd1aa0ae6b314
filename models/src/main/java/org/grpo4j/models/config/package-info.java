/**
 * The description of a decoder as Hugging Face's {@code config.json} gives it, and what follows from it alone: rotary
 * frequencies, parameter names and shapes. No arrays and no weights here.
 */
@NullMarked
package org.grpo4j.models.config;

import org.jspecify.annotations.NullMarked;
