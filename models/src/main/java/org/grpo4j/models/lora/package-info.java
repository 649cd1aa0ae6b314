/**
 * Low-rank adapters (LoRA, Hu et al., arXiv 2106.09685): their settings, their numbers, and their files as PEFT writes
 * them. Nothing here builds a graph; the decoder adds adapters to its projections.
 */
@NullMarked
package org.grpo4j.models.lora;

import org.jspecify.annotations.NullMarked;
