/** Runs that are disturbed on purpose, and runs that go on for long. */
@NullMarked
package org.grpo4j.training.drill;

import org.jspecify.annotations.NullMarked;
