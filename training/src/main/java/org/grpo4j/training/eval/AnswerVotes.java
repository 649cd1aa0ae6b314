package org.grpo4j.training.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one problem, sorted by what they answer.
 *
 * @param sizes samples of each answer; at least 1 each
 * @param correct whether each answer is right
 * @param abstaining samples without an answer
 */
public record AnswerVotes(int[] sizes, boolean[] correct, int abstaining) {

    public AnswerVotes {
        sizes = sizes.clone();
        correct = correct.clone();
        if (sizes.length != correct.length
                || abstaining < 0
                || Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw new IllegalArgumentException("votes need one flag an answer and at least one sample of each");
        }
    }

    /**
     * Sorts answers. An answer joins the first group whose first member it equals; the group is right when that member
     * is.
     *
     * @param answers of the samples, null where there is none
     * @param correct whether each sample is right
     */
    public static AnswerVotes of(
            List<? extends @Nullable String> answers, List<Boolean> correct, AnswerEquivalence equivalence) {
        List<String> first = new ArrayList<>();
        List<Boolean> right = new ArrayList<>();
        List<Integer> sizes = new ArrayList<>();
        int abstaining = 0;
        for (int i = 0; i < answers.size(); i++) {
            String answer = answers.get(i);
            if (answer == null) {
                abstaining++;
                continue;
            }
            int group = group(first, answer, equivalence);
            if (group == first.size()) {
                first.add(answer);
                right.add(correct.get(i));
                sizes.add(0);
            }
            sizes.set(group, sizes.get(group) + 1);
        }
        boolean[] flags = new boolean[right.size()];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = right.get(i);
        }
        return new AnswerVotes(sizes.stream().mapToInt(Integer::intValue).toArray(), flags, abstaining);
    }

    private static int group(List<String> first, String answer, AnswerEquivalence equivalence) {
        int same = first.indexOf(answer);
        if (same >= 0) {
            return same;
        }
        int group = 0;
        while (group < first.size() && !equivalence.test(first.get(group), answer)) {
            group++;
        }
        return group;
    }

    @Override
    public int[] sizes() {
        return sizes.clone();
    }

    @Override
    public boolean[] correct() {
        return correct.clone();
    }

    int samples() {
        return Arrays.stream(sizes).sum() + abstaining;
    }
}
