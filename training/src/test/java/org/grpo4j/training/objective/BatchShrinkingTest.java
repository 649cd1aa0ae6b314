package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A law that does not hold has to end in a case that can be read. */
class BatchShrinkingTest {

    /** Batches that the false law has failed on; the platform makes the instance, so they are static. */
    private static final List<String> FAILED = new ArrayList<>();

    static class FalseLaw {
        @Property(tries = 100)
        void noGroupHasDifferentRewards(@ForAll(supplier = Batch.Supplier.class) Batch batch) {
            boolean differ = batch.completions().stream()
                            .map(c -> c.group() + " " + c.reward())
                            .distinct()
                            .count()
                    > batch.completions().stream()
                            .map(Batch.Completion::group)
                            .distinct()
                            .count();
            if (differ) {
                FAILED.add(batch.toString());
            }
            assertThat(differ).isFalse();
        }
    }

    @Test
    void aFailingBatchShrinksToTwoCompletionsOfOneToken() {
        FAILED.clear();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(selectClass(FalseLaw.class))
                                .configurationParameter("jqwik.database", "")
                                .configurationParameter("jqwik.reporting.usejunitplatform", "true")
                                .build(),
                        summary);
        assertThat(summary.getSummary().getTestsFailedCount()).isEqualTo(1);
        assertThat(FAILED).contains("""

                group 0, reward 0: log pi_old [-0.01], d [0.0], reference [0.0]
                group 0, reward 1: log pi_old [-0.01], d [0.0], reference [0.0]""");
    }
}
