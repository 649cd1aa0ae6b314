package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.grpo4j.framework.op.EligibilityTrace.Style;

/** What the laws have in common: which results count as equal, and the configurations most of them speak of. */
final class Outcomes {

    static final ObjectiveConfig GRPO = ObjectiveConfig.grpo();

    /** Rounding of a small batch in DOUBLE. */
    static final double TINY = 1e-11;

    private Outcomes() {}

    /** GRPO-λ without a clamp of the advantages, so that GRPO differs from it by the trace only. */
    static ObjectiveConfig traced(Trace trace, Style style, double lambda) {
        Map<String, Object> changes = new HashMap<>();
        changes.put("lambda", lambda);
        changes.put("trace", ObjectiveJson.MAPPER.valueToTree(trace));
        changes.put("negative_clamp", null);
        return ObjectiveConfig.grpoLambda(style).with(changes);
    }

    /** The same with CISPO's surrogate, which has no dual clip. */
    static ObjectiveConfig cispo(ObjectiveConfig config) {
        return withoutDualClip(config).with(Map.of("surrogate", "cispo"));
    }

    static ObjectiveConfig withoutDualClip(ObjectiveConfig config) {
        Map<String, Object> none = new HashMap<>();
        none.put("dual_clip", null);
        return config.with(none);
    }

    /** The same loss and gradient. */
    static void assertSame(Batch.Outcome actual, Batch.Outcome expected) {
        assertThat(actual.loss()).as("loss").isCloseTo(expected.loss(), within(TINY));
        for (int i = 0; i < expected.gradient().size(); i++) {
            assertThat(actual.gradient().get(i))
                    .as("gradient of completion %d", i)
                    .containsExactly(expected.gradient().get(i), within(TINY));
        }
    }

    /** The same metrics. */
    static void assertSame(ObjectiveMetrics actual, ObjectiveMetrics expected) {
        assertThat(actual)
                .usingRecursiveComparison()
                .withComparatorForType(Outcomes::roughly, Double.class)
                .isEqualTo(expected);
    }

    private static int roughly(Double a, Double b) {
        return Math.abs(a - b) <= TINY * (1 + Math.abs(b)) ? 0 : Double.compare(a, b);
    }
}
