/**
 * Text to token ids and back: any Hugging Face {@code tokenizer.json}, and the making of one for tiny character-level
 * policies. Hugging Face's own library does the work; what is done here beside it, for speed, gives the same ids or steps
 * aside. Nothing here knows a model's weights.
 */
@NullMarked
package org.grpo4j.models.tokenizer;

import org.jspecify.annotations.NullMarked;
