/**
 * Decoder transformers: configuration, weights, tokenizers and generation. Nothing here knows what a reward or an
 * objective is.
 */
@NullMarked
package org.grpo4j.models;

import org.jspecify.annotations.NullMarked;
