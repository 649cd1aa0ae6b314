/**
 * The main job from one call: makes problems, warms a tiny policy up by imitation, trains it by GRPO and by GRPO-λ from
 * the same start, and compares them. Everything here is put together from the other packages; nothing may depend on it but
 * the command line.
 */
@NullMarked
package org.grpo4j.training.quickstart;

import org.jspecify.annotations.NullMarked;
