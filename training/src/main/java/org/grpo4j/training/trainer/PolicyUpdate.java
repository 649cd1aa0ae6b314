package org.grpo4j.training.trainer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.framework.ParameterStore;
import org.grpo4j.framework.optim.GradientClip;
import org.grpo4j.framework.plan.Plan;
import org.grpo4j.framework.plan.Replicas;
import org.grpo4j.training.objective.BatchTotals;
import org.grpo4j.training.objective.GradientMatch;
import org.grpo4j.training.objective.ImportanceCorrection;
import org.grpo4j.training.objective.Objective;
import org.grpo4j.training.objective.ObjectiveConfig;
import org.grpo4j.training.objective.ObjectiveMetric;
import org.grpo4j.training.objective.ObjectiveMetrics;
import org.grpo4j.training.objective.ObjectiveSums;
import org.grpo4j.training.objective.TokenFactors;
import org.grpo4j.training.objective.TokenSurrogate;
import org.grpo4j.training.objective.TokenWeights;
import org.grpo4j.training.trainer.GradientEngine.MicroBatchHandler;
import org.grpo4j.training.trainer.GradientSpec.Loss;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;

/** Gradients of the policy objective over a batch of rollouts. */
final class PolicyUpdate implements AutoCloseable {
    private static final String LOG_PROBS = "policy_log_probs";
    private static final String LOG_PROB_GRADIENTS = "policy_log_prob_gradients";

    private final ObjectiveConfig objective;
    private final GradientEngine engine;
    private final @Nullable ReferencePolicy reference;
    private final @Nullable Critic critic;
    /** Scores batches under the policy that sampled them; null if no weight of a token depends on that. */
    private final @Nullable PolicyScorer scorer;

    private final Replicas replicas;
    private final MicroBatching batching;
    /** The objective at the present step of the run. */
    private ObjectiveConfig present;

    /**
     * An update of a policy.
     *
     * @param reference of the KL term, not closed here; needed if the objective asks for one
     */
    PolicyUpdate(
            Trainable trainable,
            @Nullable ReferencePolicy reference,
            Replicas replicas,
            ObjectiveConfig objective,
            double temperature,
            MicroBatching batching) {
        this(trainable, reference, replicas, objective, null, null, temperature, batching);
    }

    /**
     * The same with a critic, or a surrogate of the user's own.
     *
     * @param critic that advantages come from, not closed here; needed if the objective asks for one, else null
     * @param surrogate takes the place of the objective's, or null
     */
    PolicyUpdate(
            Trainable trainable,
            @Nullable ReferencePolicy reference,
            Replicas replicas,
            ObjectiveConfig objective,
            @Nullable Critic critic,
            @Nullable TokenSurrogate surrogate,
            double temperature,
            MicroBatching batching) {
        this.objective = objective;
        this.present = objective;
        this.replicas = replicas;
        this.batching = batching;
        if (hasReference(objective) && reference == null) {
            throw new IllegalArgumentException("beta is " + objective.beta() + " but there is no reference policy");
        }
        this.reference = hasReference(objective) ? reference : null;
        if (objective.needsCritic() != (critic != null)) {
            throw new IllegalArgumentException(
                    "advantage gae and a critic belong together, but only one of them is there");
        }
        this.critic = critic;
        this.scorer = objective.needsFirstPass()
                ? new PolicyScorer(
                        trainable.model(), replicas, temperature, true, critic == null ? null : critic.head())
                : null;
        this.engine =
                new GradientEngine(spec(trainable, objective, critic, surrogate, temperature, batching), replicas);
    }

    /**
     * The gradients that this class computes.
     *
     * @param critic see the constructor; may be left out to measure the rest
     * @param surrogate see the constructor
     */
    static GradientSpec spec(
            Trainable trainable,
            ObjectiveConfig objective,
            @Nullable Critic critic,
            @Nullable TokenSurrogate surrogate,
            double temperature,
            MicroBatching batching) {
        return new GradientSpec(
                trainable,
                critic == null ? null : critic.head().parameters(),
                temperature,
                true,
                batching.activationCheckpointing(),
                (graph, added) -> loss(objective, critic, surrogate, added));
    }

    private static Loss loss(
            ObjectiveConfig objective,
            @Nullable Critic critic,
            @Nullable TokenSurrogate surrogate,
            PolicyGraph policy) {
        MicroBatch.Shape shape = policy.shape();
        SDVariable logProbs = policy.logProbs().rename(LOG_PROBS);
        Objective built = Objective.build(
                objective,
                new Objective.Inputs(
                        logProbs, policy.entropies(), shape.rows(), shape.completionTime(), hasReference(objective)),
                surrogate);
        List<String> outputs = new ArrayList<>();
        outputs.add(LOG_PROBS);
        built.metrics().values().forEach(metric -> outputs.add(metric.name()));
        SDVariable loss = built.loss();
        if (critic != null) {
            SDVariable added = critic.addLoss(policy);
            outputs.add(added.name());
            loss = loss.add(added);
        }
        return new Loss(loss, outputs, Map.of(LOG_PROBS, LOG_PROB_GRADIENTS));
    }

    /** Whether the objective holds the policy close to a reference. */
    static boolean hasReference(ObjectiveConfig objective) {
        return objective.beta() > 0;
    }

    /** The gradients of the policy's parameters. */
    ParameterStore gradients() {
        return engine.gradients().only(engine.spec().trainable().parameters().names());
    }

    /** The gradients of the critic's head. */
    ParameterStore gradients(ValueHead head) {
        return engine.gradients().only(head.parameters().names());
    }

    GradientEngine engine() {
        return engine;
    }

    /**
     * Moves the objective to a step of the run, for what follows a schedule.
     *
     * @param step counted from 1
     */
    void beginStep(int step) {
        present = objective.at(step);
    }

    /**
     * Prepares several passes over one batch of rollouts; computes reference log-probabilities, and what the policy says
     * before it is changed, if they are needed.
     *
     * @param advantages of the completions; with a critic their rewards
     */
    Batch prepare(List<TokenExample> examples, List<float[]> oldLogProbs, double[] advantages) {
        return new Batch(examples, oldLogProbs, advantages);
    }

    /**
     * What one pass found.
     *
     * @param loss the objective's value
     * @param metrics means over the batch
     * @param logProbGap largest |log π − log π_sampler| of any token
     * @param further what switches that are on have to tell, by the name of the metric
     */
    record Pass(double loss, ObjectiveMetrics metrics, double logProbGap, Map<String, Double> further) {}

    /** One batch of rollouts, split into the same micro-batches for every pass. */
    final class Batch implements MicroBatchHandler {
        private final List<TokenExample> examples;
        /** As the sampler reported them. */
        private final List<float[]> sampled;
        /** What ratios are taken to: those of the sampler, or the trainer's own for the same policy. */
        private final List<float[]> oldLogProbs;

        private final TokenFactors factors;
        private final ObjectiveConfig scheduled = present;
        /** Of the completions; with a critic their rewards, and advantages are those of the tokens. */
        private final double[] advantages;

        private final Critic.@Nullable Batch criticised;
        private final BatchTotals totals;
        private final List<MicroBatch> batches;
        private final List<float[]> referenceLogProbs;
        private final TokenRatios[] ratios;
        private final float[][] credits;
        private final double[] losses;
        private final double[] criticLosses;
        private final double[] gaps;
        private final ObjectiveSums[] sums;
        /** What the run under way weighs tokens by: the scheduled objective, or the same without memory. */
        private ObjectiveConfig running = scheduled;

        private double gradientScale = 1;
        private int passes;

        private Batch(List<TokenExample> examples, List<float[]> sampled, double[] advantages) {
            this.examples = examples;
            this.sampled = sampled;
            this.advantages = advantages;
            this.totals = BatchTotals.of(
                    examples.stream().mapToInt(e -> e.completion().length).toArray());
            this.batches = MicroBatch.split(examples, batching.maxTokens(), replicas.count());
            OldPolicy old = scorer == null ? null : OldPolicy.of(scorer, examples, batches);
            this.criticised = critic == null || old == null ? null : critic.batch(scheduled, advantages, old.values());
            TokenFactors found = old == null ? TokenFactors.ONES : old.factors(objective, sampled);
            this.factors = criticised == null ? found : found.withAdvantages(criticised.advantages());
            this.oldLogProbs = old == null || objective.importanceCorrection() == ImportanceCorrection.NONE
                    ? sampled
                    : old.logProbs();
            this.referenceLogProbs = reference == null ? List.of() : reference.logProbs(examples, batches);
            this.ratios = new TokenRatios[batches.size()];
            this.credits = new float[examples.size()][];
            this.losses = new double[batches.size()];
            this.criticLosses = new double[batches.size()];
            this.gaps = new double[batches.size()];
            this.sums = new ObjectiveSums[batches.size()];
        }

        /**
         * Leaves the gradients of one pass in the engine.
         *
         * @param noise seed of dropout
         */
        Pass run(long noise) {
            boolean matches = objective.matchGradientNorm() == GradientMatch.GRPO;
            boolean due = matches && passes++ % objective.matchEvery() == 0;
            double target = due ? normWithoutMemory(noise) : 0;
            engine.run(examples, batches, noise, this);
            if (due) {
                double norm = GradientClip.globalNorm(engine.gradients());
                gradientScale = norm > 0 ? target / norm : 1;
            }
            if (matches) {
                scaleGradients();
                scaleCredits();
            }
            ObjectiveSums all = new ObjectiveSums();
            double loss = 0;
            for (int i = 0; i < losses.length; i++) {
                loss += losses[i];
                all.add(sums[i]);
            }
            return new Pass(
                    loss, all.over(objective, totals), Arrays.stream(gaps).max().orElse(0), further());
        }

        private Map<String, Double> further() {
            Map<String, Double> further = new LinkedHashMap<>();
            if (objective.lambdaSchedule() != null) {
                further.put("lambda", scheduled.lambda());
            }
            if (objective.matchGradientNorm() == GradientMatch.GRPO) {
                further.put("gradient_scale", gradientScale);
            }
            if (criticised != null) {
                further.putAll(criticised.metrics());
                further.put("value_loss", Arrays.stream(criticLosses).sum());
            }
            return further;
        }

        /** Whether any token is worth more or less than expected: without, the surrogate moves nothing. */
        boolean teaches() {
            return criticised == null
                    ? Arrays.stream(advantages).anyMatch(advantage -> advantage != 0)
                    : Arrays.stream(criticised.advantages())
                            .flatMapToDouble(Arrays::stream)
                            .anyMatch(advantage -> advantage != 0);
        }

        /** The completions of the batch, in its order, with what the last pass asked of their tokens. */
        List<ScoredRollout> credited(List<ScoredRollout> rollouts) {
            double[] own = criticised == null ? advantages : criticised.meanAdvantages();
            List<ScoredRollout> credited = new ArrayList<>();
            for (int i = 0; i < own.length; i++) {
                credited.add(rollouts.get(i).withCredit(own[i], credits[i]));
            }
            return credited;
        }

        /** Norm of the gradient that the objective has without a trace, from the same plans. */
        private double normWithoutMemory(long noise) {
            running = scheduled.withoutMemory();
            engine.run(examples, batches, noise, this);
            running = scheduled;
            return GradientClip.globalNorm(engine.gradients());
        }

        private void scaleCredits() {
            for (float[] credit : credits) {
                for (int t = 0; t < credit.length; t++) {
                    credit[t] = (float) (credit[t] * gradientScale);
                }
            }
        }

        private void scaleGradients() {
            ParameterStore gradients = engine.gradients();
            for (String name : gradients.names()) {
                gradients.get(name).muli(gradientScale);
            }
        }

        @Override
        public void fill(Plan plan, int index, MicroBatch batch) {
            MicroBatch.Shape shape = batch.shape();
            double[] ofRows = new double[batch.examples().length];
            int[] lengths = new int[ofRows.length];
            for (int row = 0; row < ofRows.length; row++) {
                ofRows[row] = advantages[batch.examples()[row]];
                lengths[row] = examples.get(batch.examples()[row]).completion().length;
            }
            TokenFactors ofBatch = factors.subset(batch.examples());
            TokenWeights.of(running, ofRows, lengths, totals, ofBatch, shape.rows(), shape.completionTime())
                    .fill(running, plan::input);
            Grid.write(
                    plan.input(Objective.LOGP_OLD),
                    Grid.of(
                            Arrays.stream(batch.examples())
                                    .mapToObj(oldLogProbs::get)
                                    .toList(),
                            shape));
            if (critic != null && criticised != null) {
                critic.fill(plan, criticised, batch, scheduled, totals);
            }
            if (reference != null) {
                Grid.write(plan.input(Objective.LOGP_REF), referenceLogProbs.get(index));
            }
        }

        @Override
        public void read(Plan plan, int index, MicroBatch batch, double loss) {
            losses[index] = loss;
            if (critic != null) {
                criticLosses[index] = plan.output(Critic.lossName()).getDouble(0);
            }
            ObjectiveSums own = new ObjectiveSums();
            for (ObjectiveMetric metric : ObjectiveMetric.values()) {
                if (reports(metric)) {
                    own.add(metric, plan.output(metric.outputName()).getDouble(0));
                }
            }
            sums[index] = own;
            float[] logProbs = Grid.read(plan.output(LOG_PROBS));
            ratios[index] = ratios(batch, logProbs);
            keepCredits(batch, Grid.read(plan.output(LOG_PROB_GRADIENTS)));
            gaps[index] = largestGap(batch, logProbs);
        }

        private void keepCredits(MicroBatch batch, float[] gradients) {
            int time = batch.shape().completionTime();
            for (int row = 0; row < batch.examples().length; row++) {
                int example = batch.examples()[row];
                float[] credit = new float[examples.get(example).completion().length];
                for (int t = 0; t < credit.length; t++) {
                    credit[t] = (float) (-gradients[row * time + t] * (double) totals.tokens());
                }
                credits[example] = credit;
            }
        }

        /**
         * How much the last pass asked for each completion token to become likelier, {@code [N][T_i]}: minus the derivative
         * of the loss in the token's log-probability, times the tokens of the batch, which brings it to the scale of the
         * advantages. This is where a trace can be seen: it spreads the advantage of a completion over its tokens.
         */
        List<float[]> credits() {
            return List.of(credits);
        }

        /** Ratios of the tokens in the last pass. */
        TokenRatios ratios() {
            TokenRatios all = new TokenRatios();
            Arrays.stream(ratios).forEach(all::add);
            return all;
        }

        private TokenRatios ratios(MicroBatch batch, float[] logProbs) {
            TokenRatios own = new TokenRatios();
            int time = batch.shape().completionTime();
            for (int row = 0; row < batch.examples().length; row++) {
                float[] old = oldLogProbs.get(batch.examples()[row]);
                for (int t = 0; t < old.length; t++) {
                    own.add(logProbs[row * time + t], old[t]);
                }
            }
            return own;
        }

        private boolean reports(ObjectiveMetric metric) {
            return metric != ObjectiveMetric.KL_K3 || reference != null;
        }

        private double largestGap(MicroBatch batch, float[] logProbs) {
            int time = batch.shape().completionTime();
            double gap = 0;
            for (int row = 0; row < batch.examples().length; row++) {
                float[] reported = sampled.get(batch.examples()[row]);
                for (int t = 0; t < reported.length; t++) {
                    gap = Math.max(gap, Math.abs(logProbs[row * time + t] - reported[t]));
                }
            }
            return gap;
        }
    }

    @Override
    public void close() {
        engine.close();
        if (scorer != null) {
            scorer.close();
        }
    }
}
