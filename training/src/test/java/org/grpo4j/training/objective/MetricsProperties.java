package org.grpo4j.training.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The metrics of the graph, in DOUBLE, by the dense definition, on a grid whose padding holds NaN. */
class MetricsProperties {

    @Property(tries = 60)
    void metricsAreMeansOverTheTokensOrCompletionsOfTheBatch(
            @ForAll(supplier = Batch.Supplier.class) Batch small,
            @ForAll(supplier = Configs.class) ObjectiveConfig config,
            @ForAll boolean large) {
        // Exponents beyond their bound, too.
        Batch batch = small.withDrifts(drift -> large ? 50 * drift : drift);
        BatchTotals totals = BatchTotals.of(batch.lengths());
        ObjectiveMetrics found = batch.evaluate(
                        config, batch.advantages(config), totals, batch.size() + 1, batch.time() + 3, Double.NaN)
                .sums()
                .over(config, totals);
        Sums expected = new Sums();
        double[][] z = batch.exponents(config);
        for (int i = 0; i < batch.size(); i++) {
            double weight = config.ratioLevel() == RatioLevel.SEQUENCE
                    ? 1.0 / (batch.size() * z[i].length)
                    : 1.0 / totals.tokens();
            double[] credit = batch.credit(config, i);
            for (int t = 0; t < z[i].length; t++) {
                double x = batch.completions().get(i).tokens().get(t).reference()
                        - batch.completions().get(i).tokens().get(t).drift();
                expected.add(config, z[i][t], credit[t], weight);
                expected.kl += (Math.exp(x) - x - 1) / totals.tokens();
                expected.entropy += batch.entropies()[i][t] / totals.tokens();
            }
        }
        double[] means = {found.meanRatio(), found.meanAbsZ(), found.maxAbsZ(), found.meanKlK3(), found.meanEntropy()};
        double[] sums = {expected.ratio, expected.absZ, expected.maxAbsZ, expected.kl, expected.entropy};
        double scale = 1 + Arrays.stream(sums).max().orElseThrow();
        assertThat(means).containsExactly(sums, within(1e-9 * scale));
        // A ratio that rounding puts on either side of a bound counts or does not.
        double[] clipped = {found.clipFractionLow(), found.clipFractionHigh()};
        assertThat(clipped).containsExactly(new double[] {expected.low, expected.high}, within(1e-9 + expected.close));
    }

    private static final class Sums {
        private double ratio;
        private double absZ;
        private double maxAbsZ;
        private double low;
        private double high;
        private double close;
        private double kl;
        private double entropy;

        void add(ObjectiveConfig config, double z, double credit, double weight) {
            double own = Math.exp(Math.max(-20, Math.min(20, z)));
            ratio += weight * own;
            absZ += weight * Math.abs(z);
            maxAbsZ = Math.max(maxAbsZ, Math.abs(z));
            double above = own - (1 + config.clipHigh());
            double below = (1 - config.clipLow()) - own;
            high += above > 0 && credit > 0 ? weight : 0;
            low += below > 0 && credit < 0 && config.surrogate() == Surrogate.CLIP ? weight : 0;
            close += Math.min(Math.abs(above), Math.abs(below)) < 1e-12 ? weight : 0;
        }
    }
}
