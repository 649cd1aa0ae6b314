package org.grpo4j.training.diagnosis;

import java.util.Locale;

/** What can be seen in the metrics of a step and deserves an explanation. */
public enum Symptom {
    /** In every group all rewards are equal. */
    NO_SPREAD(Severity.WARNING),
    /** No completion that takes part has an advantage other than 0, although the rewards differ or a critic asks for none. */
    NOTHING_TO_LEARN(Severity.WARNING),
    /** Dynamic sampling has tried as often as it may and found too few groups that teach. */
    FEW_GROUPS(Severity.WARNING),
    /** Completions differ, and yet the gradient is 0. */
    NO_MOVEMENT(Severity.WARNING),
    /** More than half of the tokens are clipped. */
    CLIPPED(Severity.WARNING),
    /** The sampler and the trainer disagree about the log-probability of a token. */
    LOG_PROB_GAP(Severity.WARNING),
    /** Every completion was cut at the length limit. */
    ALL_TRUNCATED(Severity.WARNING),
    /** The verifier cannot parse the gold answers of a problem. */
    GOLD_NOT_PARSED(Severity.WARNING),
    /** The log-ratio, traced or not, has reached the bound at which its gradient ends. */
    RATIO_AT_LIMIT(Severity.WARNING),
    /** Loss or gradient was not finite, so that an update was left out. */
    SKIPPED_UPDATE(Severity.WARNING),
    /** The loss is 0 because the step is on-policy, not because there is nothing to learn. */
    ZERO_LOSS(Severity.NOTE);

    private final Severity severity;

    Symptom(Severity severity) {
        this.severity = severity;
    }

    /** Whether something is wrong or only looks odd. */
    public Severity severity() {
        return severity;
    }

    /** The name in files, such as {@code no_spread}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException if no symptom has this key */
    public static Symptom of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /** How bad it is. */
    public enum Severity {
        /** Likely a mistake in the settings, the data or the program. */
        WARNING,
        /** As it should be, but people ask. */
        NOTE
    }
}
