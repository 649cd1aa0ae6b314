/**
 * Tensors and files on disk: safetensors in and out, and writing that leaves either the whole new file or the old one.
 * Knows names and shapes of tensors, never what they mean.
 */
@NullMarked
package org.grpo4j.framework.io;

import org.jspecify.annotations.NullMarked;
