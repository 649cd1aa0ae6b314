/**
 * The page of a run while it goes on, by the HTTP server of the JDK. It serves three addresses and no file by its path, to
 * this machine only unless told otherwise, and nothing that happens here reaches the run.
 */
@NullMarked
package org.grpo4j.training.dashboard;

import org.jspecify.annotations.NullMarked;
