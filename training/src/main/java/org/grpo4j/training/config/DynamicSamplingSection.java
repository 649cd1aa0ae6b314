package org.grpo4j.training.config;

/**
 * Dynamic sampling (DAPO, arXiv 2503.14476, section 3.2): groups whose rewards are all equal are dropped, and other prompts
 * are sampled in their place, until {@code rollout.prompts_per_step} groups are there or the attempts end.
 *
 * @param maxAttempts rounds of sampling in one step at most, the first included; 1 drops and does not replace
 */
public record DynamicSamplingSection(@Default("4") int maxAttempts) {
    public DynamicSamplingSection {
        Require.atLeast("max_attempts", maxAttempts, 1);
    }
}
