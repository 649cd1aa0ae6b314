/**
 * The benchmarks of the field: where their problems lie, how they are asked, how a completion is scored. Nothing here
 * samples from a model or computes a statistic.
 */
@NullMarked
package org.grpo4j.datasets.benchmark;

import org.jspecify.annotations.NullMarked;
