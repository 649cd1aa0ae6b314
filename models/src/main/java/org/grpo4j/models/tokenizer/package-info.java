/**
 * Text to token ids and back: any Hugging Face {@code tokenizer.json}, and the making of one for tiny character-level
 * policies. Nothing here knows a model's weights.
 */
@NullMarked
package org.grpo4j.models.tokenizer;

import org.jspecify.annotations.NullMarked;
