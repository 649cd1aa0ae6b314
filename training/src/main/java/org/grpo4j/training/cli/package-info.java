/**
 * The command line: one small class a command, and what they share. Only this package prints to standard output and
 * ends the process.
 */
@NullMarked
package org.grpo4j.training.cli;

import org.jspecify.annotations.NullMarked;
