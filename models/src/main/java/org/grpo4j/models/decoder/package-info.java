/**
 * The one decoder definition of all families, as functions that add its layers to a graph, and plans that score whole
 * sequences with it. Sampling lives in {@code generate}, training elsewhere.
 */
@NullMarked
package org.grpo4j.models.decoder;

import org.jspecify.annotations.NullMarked;
