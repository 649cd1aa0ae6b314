/**
 * Is this answer right? Extraction from a completion, parsing, and exact comparison, each in classes of its own; answers
 * are hostile until parsed, so every step has a budget and nothing here throws.
 */
@NullMarked
package org.grpo4j.datasets.verify;

import org.jspecify.annotations.NullMarked;
