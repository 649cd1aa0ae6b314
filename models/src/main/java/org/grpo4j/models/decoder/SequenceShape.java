package org.grpo4j.models.decoder;

import java.util.stream.IntStream;

/**
 * The fixed shape of a batch of sequences: each has {@code time} token slots, real tokens first and padding after them,
 * or with {@code leftPadding} padding first.
 *
 * @param batch number of sequences
 * @param time token slots a sequence
 * @param leftPadding whether padding may stand before real tokens, which needs a mask and positions of each token;
 *     padding on the right needs neither, because attention is causal
 */
public record SequenceShape(int batch, int time, boolean leftPadding) {
    public SequenceShape {
        if (batch < 1 || time < 1) {
            throw new IllegalArgumentException("batch (" + batch + ") and time (" + time + ") must be positive");
        }
    }

    /** Sequences padded on the right. */
    public SequenceShape(int batch, int time) {
        this(batch, time, false);
    }

    /** All token slots, {@code batch · time}. */
    public int tokens() {
        return batch * time;
    }

    /** The position of every token slot, counted from 0 in each sequence: {@code [batch · time]}. */
    public int[] countedPositions() {
        return IntStream.range(0, tokens()).map(slot -> slot % time).toArray();
    }
}
