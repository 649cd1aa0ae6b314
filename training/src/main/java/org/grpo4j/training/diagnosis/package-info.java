/**
 * What a run says about itself: things that go wrong without an error, told once with their likely cause and the fix. It
 * reads metrics and the configuration only, and changes neither.
 */
@NullMarked
package org.grpo4j.training.diagnosis;

import org.jspecify.annotations.NullMarked;
