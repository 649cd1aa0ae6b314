package org.grpo4j.training.config;

/**
 * Held-out evaluation during a run.
 *
 * @param data the held-out problems
 * @param samples completions sampled of each problem
 * @param temperature sampling temperature; 0 decodes greedily
 */
public record EvaluationSection(
        DataSection data,
        @Default("1") int samples,
        @Default("1.0") double temperature) {
    public EvaluationSection {
        Require.atLeast("samples", samples, 1);
        Require.notNegative("temperature", temperature);
    }
}
