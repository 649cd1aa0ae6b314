package org.grpo4j.models.tokenizer;

import java.util.Arrays;

/** The merges of a byte-pair encoding by the pair they join, in two arrays: hundreds of thousands of them are looked up. */
final class MergeTable {

    /** What {@link #find} returns for a pair that is never joined; higher than any merge. */
    static final long NONE = Long.MAX_VALUE;

    private final long[] pairs;
    private final long[] merges;
    private final int shift;

    /** @param count of the merges that will be put in */
    MergeTable(int count) {
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(count));
        pairs = new long[1 << bits];
        merges = new long[1 << bits];
        Arrays.fill(pairs, -1);
        shift = Long.SIZE - bits;
    }

    /** The later of two merges of a pair counts, as in Hugging Face's library. */
    void put(int left, int right, int rank, int merged) {
        int slot = slot(pair(left, right));
        pairs[slot] = pair(left, right);
        merges[slot] = pair(rank, merged);
    }

    /** Rank in the upper half, so that the smallest number is the merge to do first, and the joined id in the lower. */
    long find(int left, int right) {
        long pair = pair(left, right);
        int slot = slot(pair);
        return pairs[slot] == pair ? merges[slot] : NONE;
    }

    /** Where the pair is, or the free slot where it belongs; at most half of the slots are taken. */
    private int slot(long pair) {
        // The golden ratio spreads ids that follow each other over the table.
        int slot = (int) ((pair * 0x9e3779b97f4a7c15L) >>> shift);
        while (pairs[slot] != -1 && pairs[slot] != pair) {
            slot = (slot + 1) & (pairs.length - 1);
        }
        return slot;
    }

    private static long pair(int upper, int lower) {
        return (long) upper << 32 | lower;
    }
}
