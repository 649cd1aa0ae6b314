/**
 * A run's configuration: one YAML file bound to records, with overrides from the command line and errors that name the
 * key. The records here are data only; what acts on them lives elsewhere.
 */
@NullMarked
package org.grpo4j.training.config;

import org.jspecify.annotations.NullMarked;
