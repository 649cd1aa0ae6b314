package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.grpo4j.framework.op.StopGradient;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.training.config.CriticSection;
import org.grpo4j.training.config.OptimiserSection;
import org.grpo4j.training.config.TrainConfig;
import org.grpo4j.training.objective.BatchTotals;
import org.grpo4j.training.objective.GeneralisedAdvantages;
import org.grpo4j.training.objective.Objective;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.TokenWeights;
import org.grpo4j.training.objective.ValueLoss;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/**
 * The critic of PPO: a value head, how it learns, and what it makes of a batch.
 *
 * @param head on the policy; not owned
 * @param settings of the run
 */
record Critic(ValueHead head, CriticSection settings) {
    private static final String LOSS = "critic_loss";

    /** Variance, beside a mean square of 1, that adding up values of float32 leaves of equal numbers at most. */
    private static final double ROUNDING = 1e-12;

    /** The critic of a run, with a new head; null if its objective has no use for one. The caller closes the head. */
    static @Nullable Critic of(TrainConfig config, Policy policy) {
        return config.objective().needsCritic()
                ? new Critic(
                        ValueHead.zeros(
                                policy.config().width(), policy.parameters().dataType()),
                        config.critic())
                : null;
    }

    /** The optimiser of the head: like the policy's, with a learning rate and a gradient clip of its own. */
    Optimiser optimiser(OptimiserSection policys, PolicyUpdate update, long totalSteps) {
        return new Optimiser(
                policys.withLearningRate(settings.learningRate()),
                head.parameters(),
                update.gradients(head),
                totalSteps);
    }

    /**
     * Adds the critic's share of the loss to the graph of a policy and its objective.
     *
     * @return scalar, with the value coefficient in its weights; its name is {@link #lossName}
     */
    SDVariable addLoss(PolicyGraph policy) {
        int rows = policy.shape().rows();
        int time = policy.shape().completionTime();
        SDVariable states = settings.detach() ? new StopGradient().apply(policy.states()) : policy.states();
        SDVariable mask = states.getSameDiff().getVariable(Objective.MASK);
        return ValueLoss.build(head.add(states, rows, time), mask, rows, time, settings.valueClip())
                .rename(LOSS);
    }

    static String lossName() {
        return LOSS;
    }

    /** What the critic says of a batch before the update. */
    Batch batch(ObjectiveConfig objective, double[] rewards, double[][] values) {
        GeneralisedAdvantages estimates = GeneralisedAdvantages.of(objective, rewards, values);
        return new Batch(values, estimates, estimates.forLoss(objective, settings.whiten()));
    }

    /**
     * Values, advantages and returns of a batch, {@code [N][T_i]} each.
     *
     * @param values before the update
     * @param estimates as the critic's errors give them
     * @param advantages whitened and clamped, as the loss uses them
     */
    record Batch(double[][] values, GeneralisedAdvantages estimates, double[][] advantages) {

        /** Metrics by name; those of the advantages take the place of the ones of completions. */
        Map<String, Double> metrics() {
            double[] returns = flat(estimates.returns());
            double[] errors = flat(estimates.advantages());
            Map<String, Double> metrics = new TreeMap<>();
            metrics.put("value_mean", mean(flat(values)));
            metrics.put("return_mean", mean(returns));
            // A_t = R̂_t − V_t is what the values leave unexplained.
            metrics.put("value_explained_variance", explained(errors, returns));
            AdvantageStatistics.of(flat(advantages))
                    .values()
                    .forEach((metric, value) -> metrics.put(metric.key(), value));
            return metrics;
        }

        /** Mean advantage of the tokens of each completion. */
        double[] meanAdvantages() {
            return Arrays.stream(advantages).mapToDouble(Batch::mean).toArray();
        }

        /** NaN where nothing but rounding tells the returns apart: there is no variance to explain. */
        private double explained(double[] errors, double[] returns) {
            double size = Math.max(meanSquare(flat(values)), meanSquare(returns));
            double variance = variance(returns);
            return variance > ROUNDING * size ? 1 - variance(errors) / variance : Double.NaN;
        }

        private static double[] flat(double[][] ragged) {
            return Arrays.stream(ragged).flatMapToDouble(Arrays::stream).toArray();
        }

        private static double mean(double[] values) {
            return DoubleStream.of(values).average().orElse(Double.NaN);
        }

        private static double meanSquare(double[] values) {
            return mean(DoubleStream.of(values).map(value -> value * value).toArray());
        }

        private static double variance(double[] values) {
            double mean = mean(values);
            return DoubleStream.of(values)
                    .map(value -> (value - mean) * (value - mean))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** Fills the placeholders of {@link #addLoss} for some completions of the batch. */
    void fill(Plan plan, Batch batch, MicroBatch part, ObjectiveConfig objective, BatchTotals totals) {
        MicroBatch.Shape shape = part.shape();
        List<float[]> old = new ArrayList<>();
        List<float[]> returns = new ArrayList<>();
        List<float[]> weights = new ArrayList<>();
        for (int example : part.examples()) {
            double[] value = batch.values[example];
            float[] weight = new float[value.length];
            Arrays.fill(weight, (float)
                    (settings.valueCoefficient() * TokenWeights.aggregation(objective, value.length, totals)));
            old.add(floats(value));
            returns.add(floats(batch.estimates.returns()[example]));
            weights.add(weight);
        }
        Grid.write(plan.input(ValueLoss.RETURNS), Grid.of(returns, shape));
        Grid.write(plan.input(ValueLoss.WEIGHTS), Grid.of(weights, shape));
        if (settings.valueClip() != null) {
            Grid.write(plan.input(ValueLoss.OLD), Grid.of(old, shape));
        }
    }

    private static float[] floats(double[] values) {
        float[] narrow = new float[values.length];
        for (int t = 0; t < narrow.length; t++) {
            narrow[t] = (float) values[t];
        }
        return narrow;
    }
}
