/**
 * Math problems: loading them from Arrow and JSONL, generating arithmetic, extracting and verifying answers. Nothing
 * here knows what a tensor is.
 */
@NullMarked
package org.grpo4j.datasets;

import org.jspecify.annotations.NullMarked;
