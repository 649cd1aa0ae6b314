/**
 * What a run tells about itself while it runs: the metrics of every step, the time of its phases, and its progress on
 * the screen. Nothing here computes a metric.
 */
@NullMarked
package org.grpo4j.training.metrics;

import org.jspecify.annotations.NullMarked;
