/**
 * Arithmetic problems made from a seed, with worked steps short enough for tiny character-level policies, right or with
 * plausible slips. Nothing here reads or writes files.
 */
@NullMarked
package org.grpo4j.datasets.arithmetic;

import org.jspecify.annotations.NullMarked;
