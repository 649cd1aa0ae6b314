package org.grpo4j.training.config;

/**
 * The policy that the KL term refers to. There is none unless {@code objective.beta} is above 0.
 *
 * @param policy what it is at first
 * @param syncEvery steps after which it moves to the trained policy; 0 keeps it where it is
 * @param mixing how far it moves: its parameters become {@code mixing · policy + (1 − mixing) · reference}
 */
public record ReferenceSection(
        @Default("auto") Start policy,
        @Default("0") int syncEvery,
        @Default("1.0") double mixing) {
    public ReferenceSection {
        Require.atLeast("sync_every", syncEvery, 0);
        Require.that(mixing > 0 && mixing <= 1, "mixing must be above 0 and at most 1, found " + mixing);
        Require.that(
                policy != Start.BASE || syncEvery == 0,
                "sync_every must be 0 with policy base, which has no parameters of its own to move");
    }

    /** Where a reference begins. */
    public enum Start {
        /** {@link #BASE} where an adapter trains and the reference never moves, otherwise {@link #START}. */
        AUTO,
        /** The policy at the start of the run: a copy of the parameters that train. */
        START,
        /** The base model, with the adapter that trains switched off: no copy at all. */
        BASE
    }
}
