/**
 * Differentiable functions on SameDiff graphs. A function here adds plain ND4J ops and marks its boundary, so that
 * gradients and plans can treat it as one node; it may not run anything itself.
 */
@NullMarked
package org.grpo4j.framework.op;

import org.jspecify.annotations.NullMarked;
