/**
 * Static execution of SameDiff graphs: a plan fixes shapes, order and memory once and then runs without allocating.
 * Nothing here knows how a graph was made.
 */
@NullMarked
package org.grpo4j.framework.plan;

import org.jspecify.annotations.NullMarked;
