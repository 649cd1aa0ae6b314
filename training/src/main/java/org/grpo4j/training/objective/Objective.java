package org.grpo4j.training.objective;

import java.util.LinkedHashMap;
import java.util.Map;
import org.grpo4j.framework.op.Masked;
import org.grpo4j.framework.op.Sums;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The policy loss and its metrics as ops of a graph: GRPO-λ (arXiv 2510.00194) and all its neighbours, by the switches of
 * {@link ObjectiveConfig}.
 *
 * <p>Symbols: {@code d = log π − log π_old} and {@code z}, {@code ρ = exp(z)}, A and the weights are all
 * {@code [rows, time]}; column 0 is the first completion token of each row, padding follows the last one. Padding may hold
 * anything, even NaN. The loss of a micro-batch is its share of the whole batch's loss and the metrics are sums (one is a
 * maximum), so both add over micro-batches.
 *
 * <p>Where the objective bends, it is built from 0/1 masks of comparisons. {@code min(x, y)} of ND4J passes the gradient to
 * both sides on ties, and on-policy every token is a tie.
 */
public final class Objective {

    /** Placeholder: log-probs under the policy that sampled. */
    public static final String LOGP_OLD = "objective_logp_old";
    /** Placeholder: log-probs under the reference policy; only with {@link Inputs#withReference}. */
    public static final String LOGP_REF = "objective_logp_ref";
    /** Placeholder: 1 on completion tokens, see {@link TokenWeights#mask}. */
    public static final String MASK = "objective_mask";
    /** Placeholder: see {@link TokenWeights#advantages}. */
    public static final String ADVANTAGES = "objective_advantages";
    /** Placeholder: see {@link TokenWeights#surrogate}. */
    public static final String SURROGATE_WEIGHTS = "objective_surrogate_weights";
    /** Placeholder: see {@link TokenWeights#kl}; only when the KL is part of the loss. */
    public static final String KL_WEIGHTS = "objective_kl_weights";
    /** Placeholder: see {@link TokenWeights#perCompletion}; only with {@code ratio_level: sequence}. */
    public static final String PER_COMPLETION = "objective_per_completion";
    /** Placeholder: see {@link TokenWeights#entropy}; only with an entropy bonus. */
    public static final String ENTROPY_WEIGHTS = "objective_entropy_weights";
    /** Placeholder: see {@link TokenWeights#history}; only where the ratio has a selective trace. */
    public static final String TRACE_HISTORY = "objective_trace_history";
    /** Placeholder: see {@link TokenWeights#traceScale}; only where the ratio has a normalised trace. */
    public static final String TRACE_SCALE = "objective_trace_scale";
    /** Placeholder {@code [1, 1]}: the decay a; only where the ratio has a trace whose decay varies. */
    public static final String DECAY = "objective_decay";

    /** Beyond ±20 the exponent of a ratio is held and passes no gradient: exp(20) is 5e8. */
    static final double MAX_EXPONENT = 20;

    private final SDVariable loss;
    private final Map<ObjectiveMetric, SDVariable> metrics;

    private Objective(SDVariable loss, Map<ObjectiveMetric, SDVariable> metrics) {
        this.loss = loss;
        this.metrics = metrics;
    }

    /**
     * What the loss is built on.
     *
     * @param logProbs log π of every token under the trained policy, {@code [rows, time]}, FLOAT or DOUBLE, which decides
     *     the type of everything else
     * @param entropies entropy of the policy at every token, {@code [rows, time]}, or null; needed by an entropy bonus,
     *     otherwise only reported
     * @param rows rows of the grid
     * @param time columns of the grid
     * @param withReference whether log-probs of a reference policy are fed; needed when beta &gt; 0
     */
    public record Inputs(
            SDVariable logProbs, @Nullable SDVariable entropies, int rows, int time, boolean withReference) {}

    /**
     * Adds the objective to the graph of its inputs, once a graph.
     *
     * @throws IllegalArgumentException if beta &gt; 0 without reference log-probs, an entropy bonus without entropies, or the type is neither FLOAT nor DOUBLE
     */
    public static Objective build(ObjectiveConfig config, Inputs inputs) {
        return build(config, inputs, null);
    }

    /**
     * The same with a surrogate of the caller's own.
     *
     * @param surrogate takes the place of the configured one, and counts no token as clipped; null for the configured one
     */
    public static Objective build(ObjectiveConfig config, Inputs inputs, @Nullable TokenSurrogate surrogate) {
        DataType type = inputs.logProbs.dataType();
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException(
                    "the objective needs log-probs in FLOAT or DOUBLE, but they are " + type);
        }
        if (config.beta() > 0 && !inputs.withReference) {
            throw new IllegalArgumentException("beta is " + config.beta()
                    + " but there are no log-probs of a reference policy; give a reference or set beta: 0");
        }
        if (config.entropyBonus() > 0 && inputs.entropies == null) {
            throw new IllegalArgumentException("entropy_bonus is " + config.entropyBonus()
                    + " but there are no entropies; give those of the policy or set entropy_bonus: 0");
        }
        return new Assembly(config, inputs, surrogate).objective();
    }

    /** Scalar, DOUBLE; the micro-batch's share of the loss to minimise. */
    public SDVariable loss() {
        return loss;
    }

    /** Scalars, to be combined by {@link ObjectiveSums}. */
    public Map<ObjectiveMetric, SDVariable> metrics() {
        return metrics;
    }

    /** The steps of {@link #build}, which share the graph, the grid and the placeholders. */
    private static final class Assembly {
        private final ObjectiveConfig config;
        private final Inputs inputs;
        private final @Nullable TokenSurrogate surrogate;
        private final SameDiff sd;
        private final SDVariable mask;
        private final SDVariable advantages;
        private final Map<ObjectiveMetric, SDVariable> metrics = new LinkedHashMap<>();

        Assembly(ObjectiveConfig config, Inputs inputs, @Nullable TokenSurrogate surrogate) {
            this.config = config;
            this.inputs = inputs;
            this.surrogate = surrogate;
            this.sd = inputs.logProbs.getSameDiff();
            this.mask = placeholder(MASK);
            this.advantages = placeholder(ADVANTAGES);
        }

        Objective objective() {
            SDVariable logProbs = inputs.logProbs;
            SDVariable d = Masked.select(logProbs.sub(placeholder(LOGP_OLD)), mask);
            boolean sequence = config.ratioLevel() == RatioLevel.SEQUENCE;
            SDVariable perCompletion = sequence ? placeholder(PER_COMPLETION) : mask;
            SDVariable z = sequence ? LogRatio.sequenceMean(d, perCompletion) : exponent(d);
            SDVariable ratio = sd.math().exp(LogRatio.bounded(z));
            SurrogateTerm term = term(ratio);

            SDVariable loss = sd.math().neg(Sums.inDouble(term.value().mul(placeholder(SURROGATE_WEIGHTS))));
            ratioMetrics(z, ratio, term, perCompletion);
            if (inputs.withReference) {
                SDVariable x = Masked.select(placeholder(LOGP_REF).sub(logProbs), mask);
                metric(ObjectiveMetric.KL_K3, KlEstimator.K3.of(x).sum());
                if (config.beta() > 0) {
                    loss = loss.add(Sums.inDouble(config.kl().of(x).mul(placeholder(KL_WEIGHTS))));
                }
            }
            if (inputs.entropies != null) {
                SDVariable entropies = Masked.select(inputs.entropies, mask);
                metric(ObjectiveMetric.ENTROPY, entropies.sum());
                if (config.entropyBonus() > 0) {
                    loss = loss.sub(Sums.inDouble(entropies.mul(placeholder(ENTROPY_WEIGHTS))));
                }
            }
            return new Objective(loss.rename("objective_loss"), metrics);
        }

        private SDVariable exponent(SDVariable d) {
            return config.trace() == Trace.E_TRACE ? LogRatio.traced(config, d, inputs, this::placeholder) : d;
        }

        private SurrogateTerm term(SDVariable ratio) {
            if (surrogate == null) {
                return SurrogateTerm.of(config, ratio, advantages, () -> Masked.select(inputs.logProbs, mask));
            }
            SDVariable none = mask.mul(0.0);
            SDVariable value = surrogate.of(ratio, advantages, Masked.select(inputs.logProbs, mask));
            return new SurrogateTerm(value, none, none);
        }

        private void ratioMetrics(SDVariable z, SDVariable ratio, SurrogateTerm term, SDVariable weights) {
            SDVariable size = sd.math().abs(z);
            metric(ObjectiveMetric.RATIO, ratio.mul(weights).sum());
            metric(ObjectiveMetric.ABS_Z, size.mul(weights).sum());
            metric(ObjectiveMetric.MAX_ABS_Z, size.mul(mask).max());
            metric(ObjectiveMetric.CLIP_LOW, term.clippedLow().mul(weights).sum());
            metric(ObjectiveMetric.CLIP_HIGH, term.clippedHigh().mul(weights).sum());
        }

        private void metric(ObjectiveMetric metric, SDVariable value) {
            metrics.put(metric, value.rename(metric.outputName()));
        }

        private SDVariable placeholder(String name) {
            DataType type = inputs.logProbs.dataType();
            return name.equals(DECAY)
                    ? sd.placeHolder(name, type, 1, 1)
                    : sd.placeHolder(name, type, inputs.rows, inputs.time);
        }
    }
}
