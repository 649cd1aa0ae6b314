/**
 * Training of policies: the objective, rewards, rollouts, trainers, metrics, reports and the command line.
 */
@NullMarked
package org.grpo4j.training;

import org.jspecify.annotations.NullMarked;
