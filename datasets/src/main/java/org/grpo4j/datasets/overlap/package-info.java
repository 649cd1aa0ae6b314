/**
 * Which problems two data sets share, so that nothing is tested that was trained on. Works on problems' texts alone and
 * reads the larger of the two sets once, without holding it.
 */
@NullMarked
package org.grpo4j.datasets.overlap;

import org.jspecify.annotations.NullMarked;
