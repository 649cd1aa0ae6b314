package org.grpo4j.datasets.overlap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.datasets.DatasetException;
import org.jspecify.annotations.Nullable;

/**
 * The texts of one data set, to be looked up by others. An n-gram takes eight bytes: 40 bits of its hash and 24 bits that
 * say in which problem. Two n-grams that share their 40 bits by chance do no harm, because a match takes many.
 */
final class ProblemIndex {

    private static final int ID_BITS = 24;
    private static final long ID_MASK = (1L << ID_BITS) - 1;

    private final int ngram;
    private final Map<String, Integer> exact = new HashMap<>();
    private final List<Integer> ngramCounts = new ArrayList<>();
    private long[] entries = new long[1024];
    private int size;
    private boolean sorted;

    ProblemIndex(int ngram) {
        this.ngram = ngram;
    }

    /**
     * Adds the next problem; its number is the count of those before it.
     *
     * @return number of the first problem with the same text, its own when there is none
     */
    int add(ProblemText text) {
        int id = ngramCounts.size();
        if (id > ID_MASK) {
            throw new DatasetException("both sets have more than " + (ID_MASK + 1)
                    + " problems, too many to compare at once: split one of them");
        }
        Integer copy = exact.putIfAbsent(text.key(), id);
        long[] ngrams = text.ngrams(ngram);
        ngramCounts.add(ngrams.length);
        if (size + ngrams.length > entries.length) {
            entries = Arrays.copyOf(entries, Math.max(entries.length * 2, size + ngrams.length));
        }
        for (long hash : ngrams) {
            entries[size++] = (hash & ~ID_MASK) | id;
        }
        sorted = false;
        return copy == null ? id : copy;
    }

    /** Number of the first problem with the same text, or null. */
    @Nullable
    Integer exact(ProblemText text) {
        return exact.get(text.key());
    }

    /**
     * A problem that shares n-grams with a text.
     *
     * @param problem its number
     * @param containment shared n-grams as a share of those of the shorter of the two
     */
    record Near(int problem, double containment) {}

    /** The problems that share as much as {@code threshold} with the text, those that share most first. */
    List<Near> near(ProblemText text, double threshold) {
        sort();
        long[] ngrams = text.ngrams(ngram);
        Map<Integer, Integer> shared = new HashMap<>();
        for (long hash : ngrams) {
            long prefix = hash & ~ID_MASK;
            int at = Arrays.binarySearch(entries, 0, size, prefix);
            for (int i = at < 0 ? -at - 1 : at; i < size && (entries[i] & ~ID_MASK) == prefix; i++) {
                shared.merge((int) (entries[i] & ID_MASK), 1, Integer::sum);
            }
        }
        List<Near> near = new ArrayList<>();
        shared.forEach((problem, count) -> {
            int shorter = Math.min(ngrams.length, ngramCounts.get(problem));
            double containment = Math.min(1, (double) count / shorter);
            if (containment >= threshold) {
                near.add(new Near(problem, containment));
            }
        });
        near.sort(Comparator.comparingDouble(Near::containment).reversed().thenComparingInt(Near::problem));
        return near;
    }

    private void sort() {
        if (!sorted) {
            Arrays.sort(entries, 0, size);
            sorted = true;
        }
    }
}
