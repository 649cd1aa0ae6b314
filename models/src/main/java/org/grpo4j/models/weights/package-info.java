/**
 * Weights of decoders: Hugging Face checkpoint folders in and out, and fresh random weights. Nothing here runs a model.
 */
@NullMarked
package org.grpo4j.models.weights;

import org.jspecify.annotations.NullMarked;
