/**
 * One self-contained HTML page that compares runs: curves, settings that differ, final numbers and sample completions.
 * Nothing here computes a metric; everything shown is handed in.
 */
@NullMarked
package org.grpo4j.training.report;

import org.jspecify.annotations.NullMarked;
