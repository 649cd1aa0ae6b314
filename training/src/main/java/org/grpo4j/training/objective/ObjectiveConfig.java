package org.grpo4j.training.objective;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.grpo4j.framework.op.EligibilityTrace;
import org.grpo4j.framework.op.EligibilityTrace.Style;
import org.jspecify.annotations.Nullable;

/**
 * All switches of the objective. In YAML and JSON the keys are the component names in snake case and the values are the
 * strings on the enum constants; a key that is left out has the value of {@link #grpo()}.
 *
 * @param trace where the eligibility trace enters
 * @param style how its weights fall off
 * @param gamma discount γ in [0, 1]; enters only through {@code a = γλ}, except in {@link GeneralisedAdvantages}
 * @param lambda trace decay λ in [0, 1]
 * @param traceNormalisation whether the trace is divided by its total weight
 * @param advantage how rewards become advantages
 * @param stdEpsilon added to the standard deviation, at least 0
 * @param tdError the TD error of a token
 * @param negativeClamp lower bound c &lt; 0 of the advantages, or null for none
 * @param ratioLevel one ratio a token or one a completion
 * @param surrogate the clipped surrogate or CISPO
 * @param clipLow distance of the lower clip bound from 1, at least 0
 * @param clipHigh distance of the upper clip bound from 1, at least 0; the cap of CISPO is {@code 1 + clipHigh}
 * @param dualClip bound c &gt; 1 of the ratio for negative advantages, or null for none
 * @param aggregation how token losses become one number
 * @param maxLength the constant length of {@link Aggregation#CONSTANT}, at least 1; otherwise unused
 * @param beta weight of the reference KL, at least 0
 * @param kl estimator of the reference KL
 * @param entropyBonus weight of the policy's mean entropy, which the loss rewards; at least 0
 * @param topEntropy share in (0, 1] of the batch's tokens, those of highest entropy, whose surrogate counts; 1 for all
 * @param importanceCorrection what happens where sampler and trainer disagree about the policy that sampled
 * @param importanceCap bound C of that correction, at least 1
 * @param lambdaSchedule course of λ over the run, or null for {@code lambda} throughout
 * @param traceTokens which tokens the trace remembers
 * @param traceShare share in (0, 1] of the batch's tokens that {@link TraceTokens#TOP_ENTROPY} remembers
 * @param matchGradientNorm whose length the gradient is given
 * @param matchEvery passes over a batch of rollouts after which the factor of {@code matchGradientNorm} is found anew, at
 *     least 1; every batch begins with a new one
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonPropertyOrder({"trace", "style", "gamma", "lambda", "trace_normalisation", "advantage", "std_epsilon", "td_error"})
public record ObjectiveConfig(
        Trace trace,
        Style style,
        double gamma,
        double lambda,
        TraceNormalisation traceNormalisation,
        AdvantageKind advantage,
        double stdEpsilon,
        TdError tdError,
        @Nullable Double negativeClamp,
        RatioLevel ratioLevel,
        Surrogate surrogate,
        double clipLow,
        double clipHigh,
        @Nullable Double dualClip,
        Aggregation aggregation,
        @Nullable Integer maxLength,
        double beta,
        KlEstimator kl,
        double entropyBonus,
        double topEntropy,
        ImportanceCorrection importanceCorrection,
        double importanceCap,
        @Nullable LambdaSchedule lambdaSchedule,
        TraceTokens traceTokens,
        double traceShare,
        GradientMatch matchGradientNorm,
        int matchEvery) {

    /** @throws IllegalArgumentException naming the key, its value and what is allowed */
    public ObjectiveConfig {
        requireRange("gamma", gamma, 0, 1);
        requireRange("lambda", lambda, 0, 1);
        requireRange("std_epsilon", stdEpsilon, 0, Double.MAX_VALUE);
        requireRange("clip_low", clipLow, 0, Double.MAX_VALUE);
        requireRange("clip_high", clipHigh, 0, Double.MAX_VALUE);
        requireRange("beta", beta, 0, Double.MAX_VALUE);
        require(
                negativeClamp == null || (negativeClamp < 0 && Double.isFinite(negativeClamp)),
                "negative_clamp is " + negativeClamp + " but must be a negative number or null (no clamp)");
        require(
                dualClip == null || (dualClip > 1 && Double.isFinite(dualClip)),
                "dual_clip is " + dualClip + " but must be a number above 1 or null (no dual clip)");
        require(
                maxLength == null || maxLength >= 1,
                "max_length is " + maxLength + " but must be at least 1, or null when it is not used");
        require(
                aggregation != Aggregation.CONSTANT || maxLength != null,
                "aggregation is constant but max_length is null; set max_length to the completion length that the"
                        + " loss is divided by");
        require(
                trace == Trace.NONE || ratioLevel == RatioLevel.TOKEN,
                "ratio_level is sequence together with a trace; a trace needs one ratio a token, so set ratio_level:"
                        + " token or trace: none");
        require(
                trace == Trace.NONE || tdError == TdError.CONSTANT,
                "td_error is terminal together with a trace; both spread credit over time, so set td_error: constant"
                        + " or trace: none");
        require(
                advantage != AdvantageKind.GAE
                        || (trace == Trace.NONE && tdError == TdError.CONSTANT && ratioLevel == RatioLevel.TOKEN),
                "advantage is gae, which gives every token an advantage of its own and spreads it by lambda already;"
                        + " set trace: none, td_error: constant and ratio_level: token");
        require(
                dualClip == null || surrogate == Surrogate.CLIP,
                "dual_clip is set together with surrogate cispo, which has no lower bound to extend; set dual_clip:"
                        + " null or surrogate: clip");
        requireRange("entropy_bonus", entropyBonus, 0, Double.MAX_VALUE);
        requireRange("importance_cap", importanceCap, 1, Double.MAX_VALUE);
        requireShare("top_entropy", topEntropy);
        requireShare("trace_share", traceShare);
        require(matchEvery >= 1, "match_every is " + matchEvery + " but must be at least 1");
        require(
                topEntropy == 1 || ratioLevel == RatioLevel.TOKEN,
                "top_entropy is " + topEntropy + " together with ratio_level sequence, where every token moves the one"
                        + " ratio of the completion; set top_entropy: 1 or ratio_level: token");
        require(
                traceTokens == TraceTokens.ALL || trace != Trace.NONE,
                "trace_tokens is top-entropy but there is no trace; set a trace or trace_tokens: all");
        require(
                lambdaSchedule == null
                        || trace != Trace.NONE
                        || tdError == TdError.TERMINAL
                        || advantage == AdvantageKind.GAE,
                "lambda_schedule is set but nothing depends on lambda; set a trace, td_error: terminal or"
                        + " advantage: gae, or lambda_schedule: null");
        require(
                matchGradientNorm == GradientMatch.NONE || trace != Trace.NONE,
                "match_gradient_norm is grpo but without a trace the objective is GRPO already; set a trace or"
                        + " match_gradient_norm: none");
    }

    /** GRPO as in arXiv 2402.03300, the defaults of every key. */
    public static ObjectiveConfig grpo() {
        return new ObjectiveConfig(
                Trace.NONE,
                Style.RECENT,
                1,
                0.99,
                TraceNormalisation.NONE,
                AdvantageKind.GROUP_STD,
                1e-6,
                TdError.CONSTANT,
                null,
                RatioLevel.TOKEN,
                Surrogate.CLIP,
                0.2,
                0.2,
                null,
                Aggregation.SEQUENCE_MEAN,
                null,
                0,
                KlEstimator.K3,
                0,
                1,
                ImportanceCorrection.NONE,
                2,
                null,
                TraceTokens.ALL,
                0.2,
                GradientMatch.NONE,
                1);
    }

    /** What a key that is left out stands for: {@link #grpo()}. */
    public static ObjectiveConfig defaults() {
        return grpo();
    }

    /** GRPO-λ with ε-trace as the paper runs it (arXiv 2510.00194): λ = 0.99, γ = 1, advantages not below −0.1. */
    public static ObjectiveConfig grpoLambda(Style style) {
        return preset(style == Style.RECENT ? "grpo-lambda-recent" : "grpo-lambda-both", Map.of());
    }

    /**
     * A published objective by its name (see {@link ObjectivePresets}).
     *
     * @param settings keys and values beside the preset, as for {@link #with}; {@code dr-grpo} needs {@code max_length}
     * @throws IllegalArgumentException for an unknown name, an unknown key or a forbidden combination
     */
    public static ObjectiveConfig preset(String name, Map<String, ?> settings) {
        Map<String, Object> all = new HashMap<>();
        ObjectivePresets.switches(name).properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        all.putAll(settings);
        return grpo().with(all);
    }

    /** What JSON and YAML are read with: keys that are absent take the value of {@link #grpo()}. */
    @JsonCreator
    static ObjectiveConfig read(
            @JsonProperty("trace") @Nullable Trace trace,
            @JsonProperty("style") @Nullable Style style,
            @JsonProperty("gamma") @Nullable Double gamma,
            @JsonProperty("lambda") @Nullable Double lambda,
            @JsonProperty("trace_normalisation") @Nullable TraceNormalisation traceNormalisation,
            @JsonProperty("advantage") @Nullable AdvantageKind advantage,
            @JsonProperty("std_epsilon") @Nullable Double stdEpsilon,
            @JsonProperty("td_error") @Nullable TdError tdError,
            @JsonProperty("negative_clamp") @Nullable Double negativeClamp,
            @JsonProperty("ratio_level") @Nullable RatioLevel ratioLevel,
            @JsonProperty("surrogate") @Nullable Surrogate surrogate,
            @JsonProperty("clip_low") @Nullable Double clipLow,
            @JsonProperty("clip_high") @Nullable Double clipHigh,
            @JsonProperty("dual_clip") @Nullable Double dualClip,
            @JsonProperty("aggregation") @Nullable Aggregation aggregation,
            @JsonProperty("max_length") @Nullable Integer maxLength,
            @JsonProperty("beta") @Nullable Double beta,
            @JsonProperty("kl") @Nullable KlEstimator kl,
            @JsonProperty("entropy_bonus") @Nullable Double entropyBonus,
            @JsonProperty("top_entropy") @Nullable Double topEntropy,
            @JsonProperty("importance_correction") @Nullable ImportanceCorrection importanceCorrection,
            @JsonProperty("importance_cap") @Nullable Double importanceCap,
            @JsonProperty("lambda_schedule") @Nullable LambdaSchedule lambdaSchedule,
            @JsonProperty("trace_tokens") @Nullable TraceTokens traceTokens,
            @JsonProperty("trace_share") @Nullable Double traceShare,
            @JsonProperty("match_gradient_norm") @Nullable GradientMatch matchGradientNorm,
            @JsonProperty("match_every") @Nullable Integer matchEvery) {
        ObjectiveConfig grpo = grpo();
        return new ObjectiveConfig(
                Objects.requireNonNullElse(trace, grpo.trace),
                Objects.requireNonNullElse(style, grpo.style),
                Objects.requireNonNullElse(gamma, grpo.gamma),
                Objects.requireNonNullElse(lambda, grpo.lambda),
                Objects.requireNonNullElse(traceNormalisation, grpo.traceNormalisation),
                Objects.requireNonNullElse(advantage, grpo.advantage),
                Objects.requireNonNullElse(stdEpsilon, grpo.stdEpsilon),
                Objects.requireNonNullElse(tdError, grpo.tdError),
                negativeClamp,
                Objects.requireNonNullElse(ratioLevel, grpo.ratioLevel),
                Objects.requireNonNullElse(surrogate, grpo.surrogate),
                Objects.requireNonNullElse(clipLow, grpo.clipLow),
                Objects.requireNonNullElse(clipHigh, grpo.clipHigh),
                dualClip,
                Objects.requireNonNullElse(aggregation, grpo.aggregation),
                maxLength,
                Objects.requireNonNullElse(beta, grpo.beta),
                Objects.requireNonNullElse(kl, grpo.kl),
                Objects.requireNonNullElse(entropyBonus, grpo.entropyBonus),
                Objects.requireNonNullElse(topEntropy, grpo.topEntropy),
                Objects.requireNonNullElse(importanceCorrection, grpo.importanceCorrection),
                Objects.requireNonNullElse(importanceCap, grpo.importanceCap),
                lambdaSchedule,
                Objects.requireNonNullElse(traceTokens, grpo.traceTokens),
                Objects.requireNonNullElse(traceShare, grpo.traceShare),
                Objects.requireNonNullElse(matchGradientNorm, grpo.matchGradientNorm),
                Objects.requireNonNullElse(matchEvery, grpo.matchEvery));
    }

    /**
     * This configuration with other values for some keys, named and written as in YAML:
     * {@code grpo().with(Map.of("trace", "e-trace", "lambda", 0.9))}.
     *
     * @throws IllegalArgumentException for an unknown key, a value of the wrong kind or a forbidden combination
     */
    public ObjectiveConfig with(Map<String, ?> settings) {
        return ObjectiveJson.override(this, settings);
    }

    /** The decay {@code a = γλ}; without a critic γ and λ enter the objective only through it. */
    public double decay() {
        return gamma * lambda;
    }

    /** The weights {@code W} of the configured style and decay. */
    public EligibilityTrace eligibilityTrace() {
        return new EligibilityTrace(style, decay());
    }

    /**
     * This configuration as it is at a step of the run: with the λ that the schedule has there.
     *
     * @param step counted from 1
     */
    public ObjectiveConfig at(long step) {
        return lambdaSchedule == null ? this : with(Map.of("lambda", lambdaSchedule.at(lambda, step)));
    }

    /** The same objective without memory, λ = 0: GRPO on the very same graph. */
    public ObjectiveConfig withoutMemory() {
        return with(Map.of("lambda", 0.0));
    }

    /** Whether the graph reads the decay from a placeholder, because it changes during the run. */
    public boolean variesDecay() {
        return lambdaSchedule != null || matchGradientNorm == GradientMatch.GRPO;
    }

    /** Whether the weights of tokens depend on what the trainer computes about them before it changes the policy. */
    public boolean needsFirstPass() {
        return needsEntropies() || needsCritic() || importanceCorrection != ImportanceCorrection.NONE;
    }

    /** Whether advantages come from a critic. */
    public boolean needsCritic() {
        return advantage == AdvantageKind.GAE;
    }

    /** Whether the weights of tokens depend on entropies. */
    boolean needsEntropies() {
        return topEntropy < 1 || traceTokens == TraceTokens.TOP_ENTROPY;
    }

    private static void requireShare(String key, double value) {
        require(value > 0 && value <= 1, key + " is " + value + " but must be a share above 0 and at most 1");
    }

    private static void requireRange(String key, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            String allowed = most == Double.MAX_VALUE ? "a number of at least " + least : least + " to " + most;
            throw new IllegalArgumentException(key + " is " + value + " but must be " + allowed);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
