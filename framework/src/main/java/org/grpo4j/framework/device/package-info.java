/**
 * What hardware the tensors can run on and how fast it is. This is the only place that knows names of backends and
 * devices.
 */
@NullMarked
package org.grpo4j.framework.device;

import org.jspecify.annotations.NullMarked;
