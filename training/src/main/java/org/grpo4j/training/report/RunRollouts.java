package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * Completions of a run to look at.
 *
 * @param run name of the run
 * @param steps as {@link org.grpo4j.training.rollouts.RolloutFiles} keeps them, ascending
 */
public record RunRollouts(String run, List<JsonNode> steps) {
    public RunRollouts {
        steps = List.copyOf(steps);
    }
}
