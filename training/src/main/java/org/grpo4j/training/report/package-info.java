/**
 * Self-contained HTML pages: curves of runs laid over each other, settings that differ, tables and sample completions.
 * Nothing here computes a metric; everything shown is handed in.
 */
@NullMarked
package org.grpo4j.training.report;

import org.jspecify.annotations.NullMarked;
