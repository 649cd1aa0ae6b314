package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.grpo4j.training.objective.Outcomes.TINY;
import static org.grpo4j.training.objective.Outcomes.assertSame;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Laws P9 and P22 of the objective: how a batch is laid out changes nothing, on the graph, in DOUBLE. */
class InvarianceProperties {

    private static final int TRIES = 20;

    @Property(tries = TRIES)
    void p9PaddingChangesNothingWhateverItHolds(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 0, max = 3) int moreRows,
            @ForAll @IntRange(min = 0, max = 70) int moreColumns) {
        BatchTotals totals = BatchTotals.of(batch.lengths());
        Batch.Outcome tight = batch.evaluate(config);
        for (double padding : List.of(Double.NaN, Double.NEGATIVE_INFINITY, 1e300)) {
            Batch.Outcome padded = batch.evaluate(
                    config,
                    batch.advantages(config),
                    totals,
                    batch.size() + moreRows,
                    batch.time() + moreColumns,
                    padding);
            assertSame(padded, tight);
            assertSame(padded.sums().over(config, totals), tight.sums().over(config, totals));
            double outside = size(Arrays.asList(padded.grid())) - size(padded.gradient());
            assertThat(outside).as("gradient on padding").isCloseTo(0, within(TINY));
        }
    }

    @Property(tries = TRIES)
    void p9OrderOfTheBatchDoesNotMatter(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 0, max = 5) int shift) {
        int n = batch.size();
        int[] order = IntStream.range(0, n).map(i -> (i + shift) % n).toArray();
        Batch.Outcome straight = batch.evaluate(config);
        Batch.Outcome rotated = batch.subset(order).evaluate(config);
        assertThat(rotated.loss()).isCloseTo(straight.loss(), within(TINY));
        for (int i = 0; i < n; i++) {
            assertThat(rotated.gradient().get(i))
                    .containsExactly(straight.gradient().get(order[i]), within(TINY));
        }
    }

    /** With micro-batches of one this is P9 for the composition of a batch: no completion sees another one. */
    @Property(tries = TRIES)
    void p22MicroBatchesAddUpToTheBatch(
            @ForAll(supplier = Batch.Supplier.class) Batch batch,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll @IntRange(min = 1, max = 3) int size) {
        double[] advantages = batch.advantages(config);
        BatchTotals totals = BatchTotals.of(batch.lengths());
        Batch.Outcome whole = batch.evaluate(config);
        double loss = 0;
        ObjectiveSums sums = new ObjectiveSums();
        for (int start = 0; start < batch.size(); start += size) {
            int[] chosen =
                    IntStream.range(start, Math.min(start + size, batch.size())).toArray();
            Batch part = batch.subset(chosen);
            double[] own = Arrays.stream(chosen).mapToDouble(i -> advantages[i]).toArray();
            Batch.Outcome outcome = part.evaluate(config, own, totals, part.size(), part.time(), 0);
            loss += outcome.loss();
            sums.add(outcome.sums());
            for (int k = 0; k < chosen.length; k++) {
                assertThat(outcome.gradient().get(k))
                        .containsExactly(whole.gradient().get(chosen[k]), within(TINY));
            }
        }
        assertThat(loss).isCloseTo(whole.loss(), within(TINY));
        assertSame(sums.over(config, totals), whole.sums().over(config, totals));
    }

    private static double size(List<double[]> rows) {
        return rows.stream().flatMapToDouble(Arrays::stream).map(Math::abs).sum();
    }
}
