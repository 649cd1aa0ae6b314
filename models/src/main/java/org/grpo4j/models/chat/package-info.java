/**
 * Conversations as the text that a model was taught to read: the checkpoint's own chat template, rendered byte for byte
 * as transformers' {@code apply_chat_template} does. Nothing here knows token ids or weights.
 */
@NullMarked
package org.grpo4j.models.chat;

import org.jspecify.annotations.NullMarked;
