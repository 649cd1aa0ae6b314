package org.grpo4j.training.metrics;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The metrics a step can have, under the names they carry in {@code metrics.jsonl}. */
public enum Metric {
    REWARD_MEAN("mean reward"),
    REWARD_STD("standard deviation of the reward"),
    ZERO_SPREAD_FRACTION("fraction of sampled groups in which all rewards are equal"),
    REWARD_FAILURES("fraction of completions that a reward could not judge"),
    GOLD_NOT_PARSED_FRACTION("fraction of problems whose gold answers the verifier cannot parse"),
    SAMPLING_ATTEMPTS("rounds of sampling, more than 1 with dynamic sampling only"),
    DROPPED_GROUPS("groups that dynamic sampling dropped because they teach nothing"),
    USED_GROUPS("groups that the update learns from"),
    USED_FRACTION("fraction of sampled completions that the update learns from"),
    ADVANTAGE_MEAN("mean advantage of the completions used, or of their tokens with a critic"),
    ADVANTAGE_STD("standard deviation of their advantages"),
    ADVANTAGE_MIN("smallest of their advantages"),
    ADVANTAGE_MAX("largest of their advantages"),
    ADVANTAGE_POSITIVE_FRACTION("fraction of their advantages above 0"),
    LOSS("loss"),
    KL("KL divergence from the reference, nats a token"),
    RATIO_MEAN("mean ratio that the objective clips, traced or of the sequence if it says so"),
    TOKEN_RATIO_MEAN("mean ratio of a token to the policy that sampled it, before any trace"),
    TOKEN_RATIO_STD("standard deviation of these ratios"),
    TOKEN_RATIO_MIN("smallest of them"),
    TOKEN_RATIO_MAX("largest of them"),
    TOKEN_RATIO_ABOVE_ONE_FRACTION("fraction of them above 1"),
    CLIP_FRACTION_LOW("fraction of tokens clipped from below"),
    CLIP_FRACTION_HIGH("fraction of tokens clipped from above"),
    Z_ABS_MEAN("mean |z| of the traced log-ratio"),
    Z_ABS_MAX("largest |z| of the traced log-ratio"),
    ENTROPY("entropy, nats a token"),
    GRADIENT_NORM("gradient norm before clipping"),
    LENGTH_MEAN("mean completion length, tokens"),
    LENGTH_MIN("shortest completion, tokens"),
    LENGTH_MAX("longest completion, tokens"),
    TRUNCATED_FRACTION("fraction of completions cut at the length limit"),
    LOG_PROB_GAP("largest |log-prob of the sampler − log-prob of the trainer|"),
    TOKENS_PER_SECOND("tokens a second"),
    LEARNING_RATE("learning rate"),
    SKIPPED_UPDATES("updates skipped because loss or gradient was not finite"),
    HELDOUT_ACCURACY("held-out verified accuracy");

    /** What every step of a reinforcement run must report. */
    public static final Set<Metric> REINFORCEMENT =
            Collections.unmodifiableSet(EnumSet.complementOf(EnumSet.of(HELDOUT_ACCURACY)));

    /** What every step of a supervised run must report. */
    public static final Set<Metric> SUPERVISED = Collections.unmodifiableSet(
            EnumSet.of(LOSS, GRADIENT_NORM, TOKENS_PER_SECOND, LEARNING_RATE, SKIPPED_UPDATES));

    private final String meaning;

    Metric(String meaning) {
        this.meaning = meaning;
    }

    /** The name in JSON, such as {@code reward_mean}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What it measures and in what unit, for people. */
    public String meaning() {
        return meaning;
    }
}
