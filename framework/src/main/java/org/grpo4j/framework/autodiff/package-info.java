/**
 * Reverse-mode differentiation on the graph that is differentiated, with its test oracle. Only graph construction lives
 * here; nothing is executed but constant shapes.
 */
@NullMarked
package org.grpo4j.framework.autodiff;

import org.jspecify.annotations.NullMarked;
