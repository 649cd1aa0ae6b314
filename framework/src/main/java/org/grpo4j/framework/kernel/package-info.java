/**
 * Kernels of our own for the CPU: whole functions in one pass over memory with the JDK's Vector API, and attention on
 * BLAS directly. Everything here is optional; where it cannot run, plans run the plain ops.
 */
@NullMarked
package org.grpo4j.framework.kernel;

import org.jspecify.annotations.NullMarked;
